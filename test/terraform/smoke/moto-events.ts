import * as z from "zod";

/** moto reports the time in seconds, EventBridge in ISO 8601 (user guide, "Event structure"). */
const oddTime = z.looseObject({ time: z.number() });
const batch = z.object({ Records: z.array(z.looseObject({ body: z.string() })) });
const objectCreated = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), "version-id": z.string(), sequencer: z.string() }),
  }),
});

const repairedBody = (text: string): string => {
  const body: unknown = JSON.parse(text);
  const odd = oddTime.safeParse(body);
  return odd.success
    ? JSON.stringify({ ...odd.data, time: new Date(odd.data.time * 1000).toISOString() })
    : text;
};

/** A batch of moto's EventBridge events in AWS's form. */
export const toAwsEvent = (event: unknown): z.infer<typeof batch> => ({
  Records: batch.parse(event).Records.map((record) => ({ ...record, body: repairedBody(record.body) })),
});

/** The fields that a rule's input transformer reads from "Object Created". */
export const createdObjects = (event: unknown) =>
  batch.parse(event).Records.map(({ body }) => {
    const { bucket, object } = objectCreated.parse(JSON.parse(body)).detail;
    return {
      bucket: bucket.name,
      key: object.key,
      versionId: object["version-id"],
      sequencer: object.sequencer,
    };
  });
