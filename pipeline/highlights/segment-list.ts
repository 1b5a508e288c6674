import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import type { ArchivedSegment } from "./segment.ts";

const objectSchema = z.object({ key: z.string(), bytes: z.number() });
const partSchema = z.object({
  initialization: z.optional(objectSchema),
  segments: z.array(objectSchema).check(z.minLength(1)),
});
const segmentListSchema = z.object({
  version: z.literal(1),
  parts: z.array(partSchema).check(z.minLength(1)),
});

/** Segments of one timeline: together with their initialization section, one source. */
export type SegmentListPart = z.output<typeof partSchema>;

/**
 * The source of a clip: objects of the archive that are read one after the other. The list is stored instead of a copy of
 * them, and expires with the archive.
 */
export type SegmentList = z.output<typeof segmentListSchema>;

/** Largest list that is read: the segments of a clip that no limit allows. */
export const maxSegmentListBytes = 64 * 2 ** 20;

/** Builds the list of the segments of a clip. @param timelines the segments of each timeline, in order */
export const buildSegmentList = (timelines: readonly (readonly ArchivedSegment[])[]): SegmentList => ({
  version: 1,
  parts: timelines.map((segments) => {
    // The segments of a timeline have the same one.
    const initialization = segments[0]?.initialization;
    return {
      ...(initialization === undefined ? {} : { initialization }),
      segments: segments.map(({ key, bytes }) => ({ key, bytes })),
    };
  }),
});

/** Parses a stored list; undefined if it is not valid. */
export const parseSegmentList = (text: string): SegmentList | undefined =>
  segmentListSchema.safeParse(parseJson(text)).data;

/** Size of all objects in a list, bytes. */
export const getSegmentListBytes = ({ parts }: SegmentList): number =>
  parts
    .flatMap(({ initialization, segments }) =>
      initialization === undefined ? segments : [initialization, ...segments],
    )
    .reduce((sum, { bytes }) => sum + bytes, 0);
