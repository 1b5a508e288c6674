import { UserError } from "../errors/errors.ts";
import type { DetectedCelebrity, DetectedLabel } from "../ports/label-detector.ts";
import * as z from "../schema/z.ts";

/** What a frame of a recording shows, until the next frame. */
export interface RecordedFrame {
  /** Seconds from the start of the recording. */
  readonly time: number;
  readonly labels: readonly DetectedLabel[];
  readonly celebrities: readonly DetectedCelebrity[];
}

/**
 * A file that rounds times to milliseconds can name a time just after its frame, and times since 1970 have rounding
 * errors. Far less than the duration of a frame.
 */
const timeToleranceSeconds = 0.0005;

const percent = z.number().check(z.gte(0), z.lte(100));
const fraction = z.number().check(z.gte(0), z.lte(1));
const nonEmptyString = z.string().check(z.minLength(1));
const boxSchema = z.object({ left: fraction, top: fraction, width: fraction, height: fraction });
const labelSchema = z.object({
  name: nonEmptyString,
  confidence: percent,
  boxes: z._default(z.array(boxSchema), []),
});
const celebritySchema = z.object({
  id: nonEmptyString,
  name: nonEmptyString,
  confidence: percent,
  urls: z._default(z.array(z.url({ protocol: /^https?$/ })), []),
});
const recordedDetectionsSchema = z.object({
  frames: z.array(
    z.object({
      time: z.number().check(z.gte(0)),
      labels: z.array(labelSchema),
      celebrities: z._default(z.array(celebritySchema), []),
    }),
  ),
});

/**
 * Parses recorded detections: `{"frames":[{"time":1.2,"labels":[{"name":"Person","confidence":98.1}]}]}`, times in
 * seconds, confidence in percent. Labels can have `boxes`, frames can have `celebrities`, both as in `Detection`.
 *
 * @param value the parsed JSON; undefined if it is not JSON
 * @param file name of the file, for errors
 * @returns the frames, ordered by time
 * @throws UserError that lists every mistake
 */
export const parseRecordedDetections = (value: unknown, file: string): readonly RecordedFrame[] => {
  const parsed = z.safeParse(recordedDetectionsSchema, value);
  if (parsed.success) return parsed.data.frames.toSorted((first, second) => first.time - second.time);
  const problems =
    value === undefined
      ? ["it is not valid JSON"]
      : parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the document"}: ${message}`);
  throw new UserError(
    `The recorded detections in ${file} are not valid: ${problems.join("; ")}. Expected: {"frames":[{"time":1.2,"labels":[{"name":"Person","confidence":98.1}]}]}, with times in seconds and confidences from 0 to 100.`,
  );
};

/**
 * Finds the latest frame at or before a time; undefined before the first one.
 *
 * @param frames ordered by time
 * @param time seconds from the start of the recording
 */
export const findRecordedFrame = (
  frames: readonly RecordedFrame[],
  time: number,
): RecordedFrame | undefined => {
  let [first, end] = [0, frames.length];
  while (first < end) {
    const middle = (first + end) >>> 1;
    if ((frames[middle]?.time ?? 0) <= time + timeToleranceSeconds) first = middle + 1;
    else end = middle;
  }
  return frames[first - 1];
};
