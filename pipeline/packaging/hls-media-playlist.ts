import type { Fragment, FragmentIndex } from "./fragment-index.ts";

/** A segment of a media playlist. */
export interface Segment {
  readonly uri: string;
  readonly seconds: number;
  /** Part of the resource; absent: all of it. */
  readonly range?: Pick<Fragment, "offset" | "bytes">;
}

/** Parses the segments of ffmpeg's media playlist. */
export const parseSegments = (playlist: string): readonly Segment[] => {
  const segments: Segment[] = [];
  let seconds: number | undefined;
  for (const line of playlist.split(/\r?\n/)) {
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (duration !== undefined) seconds = Number(duration);
    else if (line !== "" && !line.startsWith("#") && seconds !== undefined) {
      segments.push({ uri: line, seconds });
      seconds = undefined;
    }
  }
  return segments;
};

/** Segments of a fragmented file: one for each fragment of its index. */
export const listFragmentSegments = (uri: string, { fragments }: FragmentIndex): readonly Segment[] =>
  fragments.map(({ seconds, offset, bytes }) => ({ uri, seconds, range: { offset, bytes } }));

/** Maximum duration of the segments, rounded to whole seconds (RFC 8216, 4.3.3.1); at least 1. */
export const computeTargetDuration = (segments: readonly Segment[]): number =>
  segments.reduce((longest, { seconds }) => Math.max(longest, Math.round(seconds)), 1);

interface MediaPlaylist {
  readonly segments: readonly Segment[];
  /** @default 3: decimal durations. Version 7 has `map` (RFC 8216, 7) */
  readonly version?: number;
  /** Seconds. All playlists of a multivariant playlist have the same (RFC 8216, 6.2.4). @default of the segments */
  readonly targetDuration?: number;
  /** Header of a fragmented file. */
  readonly map?: { readonly uri: string; readonly range: readonly [first: number, last: number] };
}

const formatRange = (bytes: number, offset: number): string => `${bytes}@${offset}`;

/** Builds a media playlist for video on demand (RFC 8216). */
export const buildMediaPlaylist = ({ segments, version = 3, targetDuration, map }: MediaPlaylist): string =>
  [
    "#EXTM3U",
    `#EXT-X-VERSION:${version}`,
    `#EXT-X-TARGETDURATION:${targetDuration ?? computeTargetDuration(segments)}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    ...(map === undefined
      ? []
      : [
          `#EXT-X-MAP:URI="${map.uri}",BYTERANGE="${formatRange(map.range[1] - map.range[0] + 1, map.range[0])}"`,
        ]),
    ...segments.flatMap(({ uri, seconds, range }) => [
      `#EXTINF:${seconds.toFixed(6)},`,
      ...(range === undefined ? [] : [`#EXT-X-BYTERANGE:${formatRange(range.bytes, range.offset)}`]),
      uri,
    ]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
