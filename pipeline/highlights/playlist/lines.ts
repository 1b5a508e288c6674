import { playlistLimits } from "./limits.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";

/** A tag with its value, or a URI without a name. */
export interface PlaylistLine {
  /** From 1. */
  readonly number: number;
  /** Without `#`; absent for a URI. */
  readonly tag?: string;
  /** What follows the tag's colon, trimmed; or the URI. */
  readonly value: string;
}
/** A line that is a tag. */
export type TagLine = PlaylistLine & { readonly tag: string };

export const isTag = (line: PlaylistLine): line is TagLine => line.tag !== undefined;

const multivariantTags: ReadonlySet<string> = new Set([
  "EXT-X-STREAM-INF",
  "EXT-X-I-FRAME-STREAM-INF",
  "EXT-X-MEDIA",
  "EXT-X-SESSION-DATA",
  "EXT-X-SESSION-KEY",
  "EXT-X-CONTENT-STEERING",
]);
const mediaTags: ReadonlySet<string> = new Set([
  "EXTINF",
  "EXT-X-TARGETDURATION",
  "EXT-X-MEDIA-SEQUENCE",
  "EXT-X-DISCONTINUITY-SEQUENCE",
  "EXT-X-DISCONTINUITY",
  "EXT-X-ENDLIST",
  "EXT-X-PLAYLIST-TYPE",
  "EXT-X-I-FRAMES-ONLY",
  "EXT-X-BYTERANGE",
  "EXT-X-KEY",
  "EXT-X-MAP",
  "EXT-X-PROGRAM-DATE-TIME",
  "EXT-X-GAP",
  "EXT-X-SKIP",
]);

/** Splits a text into lines, one at a time: a playlist of line breaks alone must not fill the memory. */
const splitLines = function* (text: string): Generator<string> {
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    yield* text.slice(start, text.charAt(end - 1) === "\r" ? end - 1 : end).split("\r");
    start = end + 1;
  }
};

const parseLine = (number: number, text: string): PlaylistLine | undefined => {
  if (!text.startsWith("#")) return { number, value: text };
  if (!text.startsWith("#EXT")) return undefined;
  const colon = text.indexOf(":");
  const tag = text.slice(1, colon === -1 ? undefined : colon).trimEnd();
  const isKnown = tag === "EXT-X-DEFINE" || mediaTags.has(tag) || multivariantTags.has(tag);
  return isKnown ? { number, tag, value: colon === -1 ? "" : text.slice(colon + 1).trim() } : undefined;
};

/**
 * Lists the URIs and the known tags of a playlist. Blank lines, comments and other tags are skipped. A byte order mark,
 * space around lines, and CR, LF or CR LF as the end of a line are accepted.
 *
 * @throws PlaylistError if the text is not a playlist or exceeds a limit
 */
export const parseLines = (text: string): readonly PlaylistLine[] => {
  if (text.length > playlistLimits.characters)
    throw new PlaylistError(
      `has ${text.length} characters; the limit is ${playlistLimits.characters}. Shorten its window`,
    );
  const lines: PlaylistLine[] = [];
  let isStarted = false;
  let number = 0;
  for (const untrimmed of splitLines(text)) {
    number += 1;
    // Removes a byte order mark too.
    const content = untrimmed.trim();
    if (content === "") continue;
    if (!isStarted) {
      if (!/^#EXTM3U(?:\s|$)/.test(content))
        throw new PlaylistError(`is not an HLS playlist: it begins with ${quoteText(content)}, not #EXTM3U`);
      isStarted = true;
      continue;
    }
    const line = parseLine(number, content);
    if (line === undefined) continue;
    if (content.length > playlistLimits.lineCharacters)
      throw new PlaylistError(
        `has ${content.length} characters; the limit is ${playlistLimits.lineCharacters}`,
        line.number,
      );
    lines.push(line);
  }
  if (!isStarted) throw new PlaylistError("is empty");
  return lines;
};

/**
 * Finds the kind of a playlist by its tags.
 *
 * @throws PlaylistError if it has tags of both kinds or of neither
 */
export const findPlaylistKind = (lines: readonly PlaylistLine[]): "multivariant" | "media" => {
  const multivariant = lines.find(({ tag = "" }) => multivariantTags.has(tag));
  const media = lines.find(({ tag = "" }) => mediaTags.has(tag));
  if (multivariant !== undefined && media !== undefined) {
    const [first, second] =
      multivariant.number < media.number ? [multivariant, media] : [media, multivariant];
    throw new PlaylistError(
      `${second.tag} contradicts ${first.tag} of line ${first.number}: one belongs to a media playlist, one to a multivariant playlist`,
      second.number,
    );
  }
  if (multivariant !== undefined) return "multivariant";
  if (media !== undefined) return "media";
  throw new PlaylistError("is neither a media playlist nor a multivariant playlist: it has no tag of either");
};
