import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import type { ArchivedSegment } from "./segment.ts";

const objectSchema = z.object({ key: z.string(), bytes: z.number() });
const segmentListSchema = z.object({
  version: z.literal(1),
  initialization: z.optional(objectSchema),
  segments: z.array(objectSchema).check(z.minLength(1)),
});

/**
 * The source of a clip: objects of the archive that are read one after the other. The list is stored instead of a copy of
 * them, and expires with the archive.
 */
export type SegmentList = z.output<typeof segmentListSchema>;

/** Largest list that is read: the segments of a clip that no limit allows. */
export const maxSegmentListBytes = 64 * 2 ** 20;

/** Builds the list of segments of one timeline, in order. */
export const buildSegmentList = (segments: readonly ArchivedSegment[]): SegmentList => {
  const initialization = segments[0]?.initialization;
  return {
    version: 1,
    // The segments of a timeline have the same one.
    ...(initialization === undefined ? {} : { initialization }),
    segments: segments.map(({ key, bytes }) => ({ key, bytes })),
  };
};

/** Parses a stored list; undefined if it is not valid. */
export const parseSegmentList = (text: string): SegmentList | undefined =>
  segmentListSchema.safeParse(parseJson(text)).data;

/** Size of all objects in a list, bytes. */
export const getSegmentListBytes = ({ initialization, segments }: SegmentList): number =>
  segments.reduce((sum, { bytes }) => sum + bytes, initialization?.bytes ?? 0);
