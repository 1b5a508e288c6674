import { loudness, tracks } from "./audio.ts";
import { colors } from "./color.ts";
import { fields } from "./fields.ts";
import { geometry } from "./geometry.ts";
import type { InputKind, MediaInput } from "./media-input.ts";
import { stills } from "./stills.ts";
import { durations, frameRates, lateTracks, seeking } from "./timing.ts";

/** Every kind of input, in the order of the table. */
export const inputKinds: readonly InputKind[] = [
  lateTracks,
  colors,
  seeking,
  loudness,
  frameRates,
  durations,
  tracks,
  fields,
  geometry,
  stills,
];
export const allInputs: readonly MediaInput[] = inputKinds.flatMap(({ inputs }) => inputs);
