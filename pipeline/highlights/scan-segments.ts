import type { ChannelSettings } from "../configuration/channels-schema.ts";
import { isMediaFailure } from "../errors/job-error.ts";
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

/** Decodes copied segments of one timeline; segments that cannot be decoded have no frames. */
export const scanSegments = async (
  ports: Pick<WatchPorts, "frames" | "log">,
  channel: ChannelSettings,
  copied: readonly CopiedSegment[],
  previous: ArchivedSegment | undefined,
  signal?: AbortSignal,
): Promise<readonly ScannedSegment[]> => {
  const [first] = copied;
  if (first === undefined) return [];
  const { initialization, followed } = first;
  const stream = {
    ...(initialization === undefined ? {} : { initialization }),
    ...(canPrecede(previous, followed.timeline) ? { previous } : {}),
    segments: copied,
  };
  try {
    return await ports.frames.scan(stream, channel, signal);
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
      return [{ id: first.id, frameTimes: [], candidates: [] }];
    }
    // One of them is damaged.
    const scanned: ScannedSegment[] = [];
    for (const segment of copied)
      scanned.push(...(await scanSegments(ports, channel, [segment], undefined, signal)));
    return scanned;
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
