import type { ChannelSettings } from "../configuration/channels-schema.ts";
import { isMediaFailure, JobFailure } from "../errors/job-error.ts";
import { maxSegmentCandidates, maxSegmentFrames } from "./appearance-store.ts";
import type { CopiedSegment } from "./archive-segments.ts";
import { canPrecede } from "./find-edge.ts";
import type { ScannedSegment } from "./frame-reader.ts";
import type { ArchivedSegment } from "./segment.ts";
import type { WatchPorts } from "./watch-ports.ts";

/**
 * Seconds by which the timestamps of a segment may differ from the declared duration of the one before. More is a reset
 * that the playlist does not declare.
 */
const maxTimestampErrorSeconds = 1;

/** Segments that were decoded, and why one of them has no frames. */
export interface SegmentScan {
  readonly scanned: readonly ScannedSegment[];
  readonly failure?: Error;
}

/** Whether a record has room for what was found. */
const isStorable = ({ frameTimes, candidates }: ScannedSegment): boolean =>
  frameTimes.length <= maxSegmentFrames && candidates.length <= maxSegmentCandidates;

/** Decodes copied segments of one timeline; segments that cannot be decoded have no frames. */
export const scanSegments = async (
  ports: Pick<WatchPorts, "frames" | "log">,
  channel: ChannelSettings,
  copied: readonly CopiedSegment[],
  previous: ArchivedSegment | undefined,
  signal?: AbortSignal,
): Promise<SegmentScan> => {
  const [first] = copied;
  if (first === undefined) return { scanned: [] };
  const { initialization, followed } = first;
  const stream = {
    ...(initialization === undefined ? {} : { initialization }),
    ...(canPrecede(previous, followed.timeline) ? { previous } : {}),
    segments: copied,
  };
  try {
    const scanned = await ports.frames.scan(stream, channel, signal);
    const excessive = scanned.find((segment) => !isStorable(segment));
    if (excessive === undefined) return { scanned };
    throw new JobFailure(
      4005,
      `Segment ${excessive.id} has ${excessive.frameTimes.length} frames and ${excessive.candidates.length} candidates; the limits are ${maxSegmentFrames} and ${maxSegmentCandidates}. Use a stream with shorter segments.`,
    );
  } catch (cause) {
    if (!isMediaFailure(cause)) throw cause;
    if (copied.length === 1 && stream.previous !== undefined)
      return scanSegments(ports, channel, copied, undefined, signal);
    if (copied.length === 1) {
      ports.log.warn("A segment cannot be decoded", {
        channel: channel.name,
        segment: first.id,
        error: cause,
      });
      return { scanned: [{ id: first.id, frameTimes: [], candidates: [] }], failure: cause };
    }
    // One of them is damaged.
    const scans: SegmentScan[] = [];
    for (const segment of copied)
      scans.push(await scanSegments(ports, channel, [segment], undefined, signal));
    const failure = scans.find((scan) => scan.failure !== undefined)?.failure;
    return {
      scanned: scans.flatMap(({ scanned }) => scanned),
      ...(failure === undefined ? {} : { failure }),
    };
  }
};

/** Builds the record of a copied segment. Without a date-time of its own, its time follows the segment before. */
export const buildArchivedSegment = (
  channel: string,
  { id, key, bytes, initialization, followed }: CopiedSegment,
  { frameTimes, secondsAfterPrevious, candidates }: ScannedSegment,
  previous: ArchivedSegment | undefined,
): ArchivedSegment => {
  const { timeline, isInterrupted, startTimeMs, programDateTime, durationSeconds } = followed;
  const isContinued =
    previous?.timeline === timeline &&
    secondsAfterPrevious !== undefined &&
    Math.abs(secondsAfterPrevious - previous.durationSeconds) <= maxTimestampErrorSeconds &&
    programDateTime?.isExplicit !== true;
  return {
    channel,
    id,
    timeline,
    isInterrupted,
    startTime: isContinued ? previous.startTime + secondsAfterPrevious : startTimeMs / 1000,
    durationSeconds,
    key,
    bytes,
    ...(initialization === undefined ? {} : { initialization }),
    frameTimes,
    candidates: candidates.map(({ frame, sceneScore, hash }) => ({ frame, sceneScore, hash })),
  };
};
