import type { StoredObject, StoredSegment } from "./frame-reader.ts";
import type { FollowedSegment } from "./playlist/follow-playlist.ts";
import type { InitializationSection } from "./playlist/playlist.ts";
import type { ArchiveRequest, SegmentArchive } from "./segment-archive.ts";
import type { WatchedChannel } from "./watch-ports.ts";

/** A segment whose object is archived and not yet decoded. */
export interface CopiedSegment extends StoredSegment {
  readonly followed: FollowedSegment;
  /** False if an earlier run has copied it, and did not finish. */
  readonly isNew: boolean;
  readonly initialization?: StoredObject;
}

const toEncryption = (key: InitializationSection["key"]): Pick<ArchiveRequest, "encryption"> =>
  key === undefined ? {} : { encryption: { keyUrl: key.url, iv: key.iv } };

/**
 * Copies a segment to the archive, and the initialization section of its timeline, once a day: the archive expires. Keys
 * follow from the segment, so that a repetition after a crash copies nothing twice.
 *
 * @throws FetchFailure, DecryptionFailure, StoreFailure
 */
export const archiveSegment = async (
  archive: SegmentArchive,
  { archivePrefix, channel }: WatchedChannel,
  followed: FollowedSegment,
  signal?: AbortSignal,
): Promise<CopiedSegment> => {
  const { id, url, byteRange, key, initializationSection, startTimeMs, timeline } = followed;
  const day = new Date(startTimeMs).toISOString().slice(0, 10);
  const folder = `${archivePrefix}${channel.name}/${day}/`;
  const copyPart = (part: Pick<InitializationSection, "url" | "byteRange" | "key">, objectKey: string) =>
    archive.copy(
      {
        key: objectKey,
        url: part.url,
        ...(part.byteRange === undefined ? {} : { byteRange: part.byteRange }),
        ...toEncryption(part.key),
      },
      signal,
    );
  const initialization =
    initializationSection === undefined
      ? undefined
      : await copyPart(initializationSection, `${folder}init-${timeline}.mp4`);
  const stored = await copyPart(
    { url, ...(byteRange === undefined ? {} : { byteRange }), ...(key === undefined ? {} : { key }) },
    `${folder}${id}.${initialization === undefined ? "ts" : "m4s"}`,
  );
  return { id, ...stored, followed, ...(initialization === undefined ? {} : { initialization }) };
};
