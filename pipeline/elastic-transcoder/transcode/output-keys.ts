import type { Size } from "../../media/geometry.ts";
import type { TranscodeOutput, TranscodePlaylist, TranscodeRecipe } from "./transcode-recipe.ts";

const padCount = (count: number): string => String(count).padStart(5, "0");

/** True if an output is a segmented transport stream: a media playlist and one file per segment. */
export const isSegmented = ({ preset, segmentSeconds }: TranscodeOutput): boolean =>
  preset.Container === "ts" && segmentSeconds !== undefined;

/** File names follow the developer guide, "Job settings", Output Key. */
export const buildMediaPlaylistKey = (key: string): string => `${key}.m3u8`;
export const buildSegmentKey = (key: string, index: number): string => `${key}${padCount(index)}.ts`;
export const buildPlaylistKey = ({ name, format }: TranscodePlaylist): string =>
  `${name}.${format === "HLSv3" ? "m3u8" : "mpd"}`;

/** Extension of an output's thumbnails, from its preset. */
export const getThumbnailExtension = ({ preset }: TranscodeOutput): "jpg" | "png" =>
  preset.Thumbnails?.Format === "jpg" ? "jpg" : "png";

/** Key of a thumbnail. @param count starts at 1 */
export const buildThumbnailKey = (pattern: string, count: number, size: Size, extension: string): string =>
  `${pattern.replaceAll("{count}", padCount(count)).replaceAll("{resolution}", `${size.width}x${size.height}`)}.${extension}`;

/** Name of a playlist's output group. The prefix avoids a conflict with an output of the same key. */
export const getPlaylistGroup = ({ name }: Pick<TranscodePlaylist, "name">): string => `playlist ${name}`;

/** The keys that an output group can write: fixed ones, and numbered ones under a prefix. */
export interface OutputGroupKeys {
  /** The output's key, or `getPlaylistGroup`. */
  readonly outputGroup: string;
  readonly keys: readonly string[];
  readonly numberedKeyPatterns: readonly {
    readonly prefix: string;
    readonly isMatch: (key: string) => boolean;
    /** Thumbnails. */
    readonly isThumbnail: boolean;
  }[];
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const buildNumberedKeyPattern = (
  pattern: string,
  extension: string,
  isThumbnail: boolean,
): OutputGroupKeys["numberedKeyPatterns"][number] => {
  const expression = pattern
    .split(/(\{count\}|\{resolution\})/)
    .map((piece) =>
      piece === "{count}" ? "\\d{5,}" : piece === "{resolution}" ? "\\d+x\\d+" : escapeRegExp(piece),
    )
    .join("");
  const keyPattern = new RegExp(`^${expression}\\.${extension}$`);
  return {
    prefix: pattern.slice(0, pattern.search(/\{(count|resolution)\}/)),
    isMatch: (key) => keyPattern.test(key),
    isThumbnail,
  };
};

const listOutputKeys = (output: TranscodeOutput): OutputGroupKeys => {
  const { key, thumbnailPattern } = output;
  const segmented = isSegmented(output);
  return {
    outputGroup: key,
    keys: [segmented ? buildMediaPlaylistKey(key) : key],
    numberedKeyPatterns: [
      ...(segmented ? [buildNumberedKeyPattern(`${key}{count}`, "ts", false)] : []),
      ...(thumbnailPattern === undefined
        ? []
        : [buildNumberedKeyPattern(thumbnailPattern, getThumbnailExtension(output), true)]),
    ],
  };
};

/** Lists the keys of each output group of a recipe, before encoding. */
export const listOutputGroupKeys = ({
  outputs,
  playlists = [],
}: TranscodeRecipe): readonly OutputGroupKeys[] => [
  ...outputs.map(listOutputKeys),
  ...playlists.map((playlist) => ({
    outputGroup: getPlaylistGroup(playlist),
    keys: [buildPlaylistKey(playlist)],
    numberedKeyPatterns: [],
  })),
];
