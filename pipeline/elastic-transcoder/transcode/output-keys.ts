import type { Size } from "../../media/geometry.ts";
import type { TranscodeOutput, TranscodePlaylist, TranscodeRecipe } from "./transcode-recipe.ts";

const five = (count: number): string => String(count).padStart(5, "0");

/** An output of a transport stream in segments: a media playlist and a file for each segment. */
export const isSegmented = ({ preset, segmentSeconds }: TranscodeOutput): boolean =>
  preset.Container === "ts" && segmentSeconds !== undefined;

/** The names of files by the developer guide, "Job settings", Output Key. */
export const mediaPlaylistKey = (key: string): string => `${key}.m3u8`;
export const segmentKey = (key: string, index: number): string => `${key}${five(index)}.ts`;
export const playlistKey = ({ name, format }: TranscodePlaylist): string =>
  `${name}.${format === "HLSv3" ? "m3u8" : "mpd"}`;

/** Extension of an output's thumbnails, by its preset. */
export const thumbnailExtension = ({ preset }: TranscodeOutput): "jpg" | "png" =>
  preset.Thumbnails?.Format === "jpg" ? "jpg" : "png";

/** @param count from 1 */
export const thumbnailKey = (pattern: string, count: number, size: Size, extension: string): string =>
  `${pattern.replaceAll("{count}", five(count)).replaceAll("{resolution}", `${size.width}x${size.height}`)}.${extension}`;

/** What a playlist is called among the parts of a recipe, where an output may have its name. */
export const playlistPart = ({ name }: Pick<TranscodePlaylist, "name">): string => `playlist ${name}`;

/** The keys that a part of a recipe may fill: known ones, and numbered ones under a prefix. */
export interface PartKeys {
  /** The output's key, or `playlistPart`. */
  readonly part: string;
  readonly keys: readonly string[];
  readonly numbered: readonly {
    readonly prefix: string;
    readonly matches: (key: string) => boolean;
    /** Thumbnails. */
    readonly beside: boolean;
  }[];
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const numberedKeys = (pattern: string, extension: string, beside: boolean): PartKeys["numbered"][number] => {
  const expression = pattern
    .split(/(\{count\}|\{resolution\})/)
    .map((piece) =>
      piece === "{count}" ? "\\d{5,}" : piece === "{resolution}" ? "\\d+x\\d+" : literal(piece),
    )
    .join("");
  const whole = new RegExp(`^${expression}\\.${extension}$`);
  return {
    prefix: pattern.slice(0, pattern.search(/\{(count|resolution)\}/)),
    matches: (key) => whole.test(key),
    beside,
  };
};

const outputKeys = (output: TranscodeOutput): PartKeys => {
  const { key, thumbnailPattern } = output;
  const segmented = isSegmented(output);
  return {
    part: key,
    keys: [segmented ? mediaPlaylistKey(key) : key],
    numbered: [
      ...(segmented ? [numberedKeys(`${key}{count}`, "ts", false)] : []),
      ...(thumbnailPattern === undefined
        ? []
        : [numberedKeys(thumbnailPattern, thumbnailExtension(output), true)]),
    ],
  };
};

/** The keys of every part of a recipe, before anything is made. */
export const keysOfParts = ({ outputs, playlists = [] }: TranscodeRecipe): readonly PartKeys[] => [
  ...outputs.map(outputKeys),
  ...playlists.map((playlist) => ({
    part: playlistPart(playlist),
    keys: [playlistKey(playlist)],
    numbered: [],
  })),
];
