import { randomUUID } from "node:crypto";
import type { CreatedObject } from "../adapters/local/object-store.ts";
import type { WorkerEnvironment } from "../pipeline/environment/worker.ts";
import { unquoteEtag } from "../pipeline/ports/etag.ts";
import type { ObjectHead } from "../pipeline/ports/object-store.ts";
import type { Route } from "../pipeline/routing/route.ts";

/** Builds an "Object Created" event (Amazon S3 user guide, "EventBridge event message structure"); the key is plain. */
export const createObjectCreatedEvent = (object: ObjectHead & { readonly sequencer?: string }): unknown => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Object Created",
  source: "aws.s3",
  time: object.modifiedAt,
  detail: {
    version: "0",
    bucket: { name: object.bucket },
    object: {
      key: object.key,
      size: object.bytes,
      etag: unquoteEtag(object.etag),
      "version-id": object.versionId,
      sequencer: object.sequencer,
    },
  },
});

/** Builds an SQS event for a Lambda with one message. */
export const createSqsEvent = (messageId: string, message: unknown): unknown => ({
  Records: [{ messageId, eventSource: "aws:sqs", body: JSON.stringify(message) }],
});

/** Builds the environment that the input transformer of a route's EventBridge rule passes to the task. */
export const createDirectTaskEnvironment = (
  route: Route,
  object: Pick<CreatedObject, "bucket" | "key" | "versionId" | "sequencer">,
  outputBucket: string,
): WorkerEnvironment => ({
  ROUTE: route.name,
  SOURCE_BUCKET: object.bucket,
  SOURCE_KEY: object.key,
  SOURCE_VERSION: object.versionId ?? "",
  SOURCE_SEQUENCER: object.sequencer,
  OUTPUT_BUCKET: outputBucket,
});
