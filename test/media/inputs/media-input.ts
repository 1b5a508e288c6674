import { join } from "node:path";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import type { Color } from "../../e2e/pixels.ts";

/** An audio or subtitle rendition that a ladder has to offer. */
export interface ExpectedRendition {
  /** BCP 47; absent if the source names none. */
  readonly language?: string;
}

/** What is right about an input, as numbers. Times are seconds from the earliest timestamp of its tracks. */
export interface MediaFacts {
  /** End of the video; absent: no video. */
  readonly videoSeconds?: number;
  /** End of the audio; absent: no audio. */
  readonly audioSeconds?: number;
  readonly flashSeconds?: readonly number[];
  readonly beepSeconds?: readonly number[];
  /** Frames of an output with the whole source: at least and at most. */
  readonly frames?: readonly [least: number, most: number];
  /** The left half of the video tells the time, from this time on. */
  readonly clockFromSeconds?: number;
  /** Colors of equal columns from left to right, and how far an output may be off, of 255. */
  readonly columns?: { readonly colors: readonly Color[]; readonly tolerance: number };
  /** Bars move: two fields in a frame show as combing. */
  readonly hasMotion?: true;
  /** Frequencies of each channel of a stereo output, Hz. */
  readonly tones?: readonly (readonly number[])[];
  /** The audio is noise that is loud enough to be measured. */
  readonly isLoud?: true;
  /** Encoders raise the peaks over full scale, e.g. of clipped music. A ladder and normalized audio stay below. */
  readonly hasExtremePeaks?: true;
  /** The ladder has the option `normalizeLoudness`. */
  readonly isLadderNormalized?: true;
  /** When a white square is seen. */
  readonly squareSeconds?: number;
  /** The video is neither black nor blurred somewhere. */
  readonly needsPosterSelection?: true;
  readonly audioRenditions?: readonly ExpectedRendition[];
  readonly subtitleRenditions?: readonly ExpectedRendition[];
  /** Size of an image without the limits of a recipe. */
  readonly imageSize?: readonly [width: number, height: number];
  /** Color of the whole image, also of its last row and column. */
  readonly imageColor?: Color;
  /** Code of the Error that every recipe ends with. */
  readonly errorCode?: number;
}

/** Where an input is made. */
export interface InputWorkspace {
  /** The build of ffmpeg that makes it. */
  readonly programs: MediaPrograms;
  /** Path of the input. */
  readonly path: string;
  /** Path of a temporary file. */
  readonly scratchPath: (name: string) => string;
}

/** A generated source. */
export interface MediaInput {
  /** File name. */
  readonly name: string;
  /** What is special about it. */
  readonly description: string;
  /** Made by Debian's build, because the packaged one lacks an encoder; default: packaged. */
  readonly isMadeByDebian?: true;
  /** Part of `npm test`. */
  readonly isSample?: true;
  readonly create: (workspace: InputWorkspace) => Promise<void>;
  readonly facts: MediaFacts;
}

/** Inputs of one kind. */
export interface InputKind {
  readonly title: string;
  readonly inputs: readonly MediaInput[];
}

/** Creates an input by one run of ffmpeg. */
export const encodeInput =
  (...args: readonly (string | readonly string[])[]): MediaInput["create"] =>
  async ({ programs, path }) => {
    await programs.ffmpeg([...args.flat(), path]);
  };

/** Creates inputs in a folder. Each build makes those of its own. */
export const createInputs = async (
  inputs: readonly MediaInput[],
  folder: string,
  programsOf: (input: MediaInput) => MediaPrograms,
): Promise<void> => {
  for (const input of inputs)
    await input.create({
      programs: programsOf(input),
      path: join(folder, input.name),
      scratchPath: (name) => join(folder, `${input.name}.${name}`),
    });
};
