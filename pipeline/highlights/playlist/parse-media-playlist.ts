import type { ByteRange } from "../channel-fetcher.ts";
import { buildSequenceIv } from "../decrypt-segment.ts";
import {
  checkByteRange,
  parseAttributes,
  parseByteRange,
  parseDecimal,
  parseInteger,
  requireAttribute,
} from "./attributes.ts";
import { playlistLimits } from "./limits.ts";
import { isTag, type PlaylistLine, type TagLine } from "./lines.ts";
import type { InitializationSection, MediaPlaylist, MediaSegment, SegmentKey } from "./playlist.ts";
import type { PlaylistContext } from "./playlist-context.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";
import { extrapolateProgramDateTimes, parseProgramDateTime } from "./program-date-time.ts";
import { type KeysInEffect, readKey, selectKey } from "./segment-keys.ts";

/** The tags of one segment, which precede its URI. */
interface SegmentTags {
  readonly durationSeconds?: number;
  readonly byteRange?: { readonly length: number; readonly offset?: number };
  readonly programDateTimeMs?: number;
  readonly isGap?: boolean;
}
/** Tags of the whole playlist, which have one value. */
type HeaderTag = "EXT-X-TARGETDURATION" | "EXT-X-MEDIA-SEQUENCE" | "EXT-X-DISCONTINUITY-SEQUENCE";

const readDuration = ({ value, number }: TagLine): number => {
  const comma = value.indexOf(",");
  const text = (comma === -1 ? value : value.slice(0, comma)).trim();
  const seconds = parseDecimal(text, "the duration of EXTINF", number);
  if (seconds > playlistLimits.segmentSeconds)
    throw new PlaylistError(
      `the segment has ${seconds} s; the limit is ${playlistLimits.segmentSeconds} s`,
      number,
    );
  return seconds;
};

const readInitializationSection = (
  line: TagLine,
  keys: KeysInEffect,
  context: PlaylistContext,
): InitializationSection => {
  const attributes = parseAttributes(line, context.substitute);
  const url = context.resolveUrl(requireAttribute(attributes, "URI"), line.number);
  const rangeText = attributes.values.get("BYTERANGE");
  const range =
    rangeText === undefined ? undefined : parseByteRange(rangeText, "BYTERANGE of EXT-X-MAP", line.number);
  const key = selectKey(keys);
  if (key !== undefined && key.iv === undefined)
    throw new PlaylistError(
      "EXT-X-MAP is encrypted, and its EXT-X-KEY has no IV, which is required",
      line.number,
    );
  return {
    url,
    ...(range === undefined
      ? {}
      : { byteRange: checkByteRange({ length: range.length, offset: range.offset ?? 0 }, line.number) }),
    ...(key?.iv === undefined ? {} : { key: { method: "AES-128", url: key.url, iv: key.iv } }),
  };
};

/** Completes a range without an offset: it continues the previous segment's range of the same resource. */
const readByteRange = (
  range: NonNullable<SegmentTags["byteRange"]>,
  url: string,
  previous: MediaSegment | undefined,
  line: number,
): ByteRange => {
  const { length, offset } = range;
  if (offset !== undefined) return checkByteRange({ length, offset }, line);
  if (previous?.byteRange === undefined || previous.url !== url)
    throw new PlaylistError(
      "EXT-X-BYTERANGE has no offset, and the segment before is not a range of the same resource",
      line,
    );
  return checkByteRange({ length, offset: previous.byteRange.offset + previous.byteRange.length }, line);
};

/** @throws PlaylistError */
export const parseMediaLines = (lines: Iterable<PlaylistLine>, context: PlaylistContext): MediaPlaylist => {
  const header = new Map<HeaderTag, number>();
  const segments: MediaSegment[] = [];
  const programDateTimes = new Map<number, number>();
  let tags: SegmentTags = {};
  /** Before the next segment. */
  let discontinuities = 0;
  let discontinuitySequence: number | undefined;
  let keys: KeysInEffect = new Map();
  let initializationSection: InitializationSection | undefined;
  let isEnded = false;
  let playlistType: MediaPlaylist["playlistType"];

  const readHeader = (tag: HeaderTag, { value, number }: TagLine): void => {
    const parse = tag === "EXT-X-TARGETDURATION" ? parseDecimal : parseInteger;
    const parsed = parse(value, tag, number);
    if ((header.get(tag) ?? parsed) !== parsed)
      throw new PlaylistError(`${tag} has a second value, ${parsed} after ${header.get(tag)}`, number);
    if (tag !== "EXT-X-TARGETDURATION" && segments.length > 0 && !header.has(tag))
      throw new PlaylistError(`${tag} follows a segment. It must precede the first one`, number);
    header.set(tag, parsed);
  };

  const readTag = (line: TagLine): void => {
    switch (line.tag) {
      case "EXT-X-TARGETDURATION":
      case "EXT-X-MEDIA-SEQUENCE":
      case "EXT-X-DISCONTINUITY-SEQUENCE":
        readHeader(line.tag, line);
        break;
      case "EXT-X-ENDLIST":
        isEnded = true;
        break;
      case "EXT-X-PLAYLIST-TYPE":
        // Some servers write LIVE, which says nothing.
        if (line.value === "EVENT" || line.value === "VOD") playlistType = line.value;
        break;
      case "EXT-X-I-FRAMES-ONLY":
        throw new PlaylistError(
          "the playlist has I-frames only. Use a playlist of whole segments",
          line.number,
        );
      case "EXT-X-SKIP":
        throw new PlaylistError(
          "EXT-X-SKIP: this is a delta update. Request the playlist without _HLS_skip",
          line.number,
        );
      case "EXTINF":
        tags = { ...tags, durationSeconds: readDuration(line) };
        break;
      case "EXT-X-BYTERANGE":
        tags = { ...tags, byteRange: parseByteRange(line.value, line.tag, line.number) };
        break;
      case "EXT-X-PROGRAM-DATE-TIME":
        tags = { ...tags, programDateTimeMs: parseProgramDateTime(line.value, line.number) };
        break;
      case "EXT-X-GAP":
        tags = { ...tags, isGap: true };
        break;
      case "EXT-X-DISCONTINUITY":
        discontinuities += 1;
        break;
      case "EXT-X-KEY":
        keys = readKey(keys, parseAttributes(line, context.substitute), context);
        break;
      case "EXT-X-MAP":
        initializationSection = readInitializationSection(line, keys, context);
        break;
    }
  };

  const readSegment = ({ value, number }: PlaylistLine): void => {
    const { durationSeconds, byteRange, programDateTimeMs, isGap = false } = tags;
    if (durationSeconds === undefined)
      throw new PlaylistError(`the segment ${quoteText(value)} has no EXTINF`, number);
    if (segments.length >= playlistLimits.segments)
      throw new PlaylistError(`the playlist has more than ${playlistLimits.segments} segments`, number);
    const previous = segments.at(-1);
    const mediaSequence = (header.get("EXT-X-MEDIA-SEQUENCE") ?? 0) + segments.length;
    if (!Number.isSafeInteger(mediaSequence))
      throw new PlaylistError(`the media sequence number exceeds ${Number.MAX_SAFE_INTEGER}`, number);
    // RFC 8216, 6.2.1: the tags before a segment count, also those before the first one.
    discontinuitySequence =
      (discontinuitySequence ?? header.get("EXT-X-DISCONTINUITY-SEQUENCE") ?? 0) + discontinuities;
    const url = context.resolveUrl(context.substitute(value, number), number);
    const declaredKey = selectKey(keys);
    const key: SegmentKey | undefined = declaredKey && {
      method: "AES-128",
      url: declaredKey.url,
      iv: declaredKey.iv ?? buildSequenceIv(mediaSequence),
    };
    if (programDateTimeMs !== undefined) programDateTimes.set(segments.length, programDateTimeMs);
    segments.push({
      mediaSequence,
      discontinuitySequence,
      isDiscontinuity: discontinuities > 0,
      url,
      ...(byteRange === undefined ? {} : { byteRange: readByteRange(byteRange, url, previous, number) }),
      durationSeconds,
      isGap,
      ...(key === undefined ? {} : { key }),
      ...(initializationSection === undefined ? {} : { initializationSection }),
    });
    tags = {};
    discontinuities = 0;
  };

  for (const line of lines) {
    if (isTag(line)) readTag(line);
    else readSegment(line);
  }
  // Tags without a URI at the end belong to a segment that is not complete yet.
  const targetDurationSeconds = header.get("EXT-X-TARGETDURATION");
  if (targetDurationSeconds === undefined)
    throw new PlaylistError("has no EXT-X-TARGETDURATION, which is required");
  return {
    kind: "media",
    url: context.url,
    targetDurationSeconds,
    mediaSequence: header.get("EXT-X-MEDIA-SEQUENCE") ?? 0,
    discontinuitySequence: header.get("EXT-X-DISCONTINUITY-SEQUENCE") ?? 0,
    isEnded,
    ...(playlistType === undefined ? {} : { playlistType }),
    segments: extrapolateProgramDateTimes(segments, programDateTimes),
  };
};
