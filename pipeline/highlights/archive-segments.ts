import type { StoredObject, StoredSegment } from "./frame-reader.ts";
import type { FollowedSegment } from "./playlist/follow-playlist.ts";
import type { InitializationSection } from "./playlist/playlist.ts";
import type { ArchiveSource, SegmentArchive } from "./segment-archive.ts";
import type { WatchedChannel } from "./watch-ports.ts";

/** A segment whose object is archived and not yet decoded. */
export interface CopiedSegment extends StoredSegment {
  readonly followed: FollowedSegment;
  /** False if an earlier run has copied it, and did not finish. */
  readonly isNew: boolean;
  readonly initialization?: StoredObject;
}

const toSource = ({
  url,
  byteRange,
  key,
}: Pick<FollowedSegment, "url" | "byteRange" | "key"> | InitializationSection): ArchiveSource => ({
  url,
  ...(byteRange === undefined ? {} : { byteRange }),
  ...(key === undefined ? {} : { encryption: { keyUrl: key.url, iv: key.iv } }),
});

/** Builds the folder of a channel's day (UTC) in the archive. @param startTimeMs epoch milliseconds of a segment's start */
export const buildDayFolder = (archivePrefix: string, channel: string, startTimeMs: number): string =>
  `${archivePrefix}${channel}/${new Date(startTimeMs).toISOString().slice(0, 10)}/`;

/**
 * Copies a segment to the archive, and its initialization section, once a day: the archive expires. A segment's key
 * follows from its id, so that a repetition after a crash copies nothing twice; that of an initialization section from its
 * content, because another timeline may have another one at the same URL.
 *
 * @throws FetchFailure, DecryptionFailure, StoreFailure
 */
export const archiveSegment = async (
  archive: SegmentArchive,
  { archivePrefix, channel }: WatchedChannel,
  followed: FollowedSegment,
  signal?: AbortSignal,
): Promise<CopiedSegment> => {
  const { id, initializationSection, startTimeMs, timeline } = followed;
  const folder = buildDayFolder(archivePrefix, channel.name, startTimeMs);
  const initialization =
    initializationSection === undefined
      ? undefined
      : await archive.copyContent(
          {
            ...toSource(initializationSection),
            keyPrefix: `${folder}init-${timeline}-`,
            keySuffix: ".mp4",
          },
          signal,
        );
  const key = `${folder}${id}.${initialization === undefined ? "ts" : "m4s"}`;
  const stored = await archive.copy({ ...toSource(followed), key }, signal);
  return { id, ...stored, followed, ...(initialization === undefined ? {} : { initialization }) };
};
