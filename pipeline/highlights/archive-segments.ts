import type { StoredObject, StoredSegment } from "./frame-reader.ts";
import type { FollowedSegment } from "./playlist/follow-playlist.ts";
import type { InitializationSection } from "./playlist/playlist.ts";
import type { ArchiveRequest, SegmentArchive } from "./segment-archive.ts";
import type { WatchedChannel } from "./watch-ports.ts";

/** A segment whose object is archived and not yet decoded. */
export interface CopiedSegment extends StoredSegment {
  readonly followed: FollowedSegment;
  readonly initialization?: StoredObject;
}

const toEncryption = (key: InitializationSection["key"]): Pick<ArchiveRequest, "encryption"> =>
  key === undefined ? {} : { encryption: { keyUrl: key.url, iv: key.iv } };

/**
 * Copies a segment and its initialization section to the archive. Their keys follow from the segment's id, so that a
 * repetition after a crash copies nothing twice. Keys contain the day (UTC), for people.
 *
 * @throws FetchFailure, DecryptionFailure, StoreFailure
 */
export const archiveSegment = async (
  archive: SegmentArchive,
  { archivePrefix, channel }: WatchedChannel,
  followed: FollowedSegment,
  signal?: AbortSignal,
): Promise<CopiedSegment> => {
  const { id, url, byteRange, key, initializationSection, startTimeMs } = followed;
  const day = new Date(startTimeMs).toISOString().slice(0, 10);
  const base = `${archivePrefix}${channel.name}/${day}/${id}`;
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
      : await copyPart(initializationSection, `${base}-init.mp4`);
  const stored = await copyPart(
    { url, ...(byteRange === undefined ? {} : { byteRange }), ...(key === undefined ? {} : { key }) },
    `${base}.${initialization === undefined ? "ts" : "m4s"}`,
  );
  return { id, ...stored, followed, ...(initialization === undefined ? {} : { initialization }) };
};
