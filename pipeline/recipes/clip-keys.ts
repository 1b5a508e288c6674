import { JobFailure } from "../errors/job-error.ts";
import { requireOutputKey } from "./preconditions.ts";

/** Output keys of a clip; at least one. */
export interface ClipKeys {
  /** The MP4. */
  readonly file?: string;
  /** The folder of HLS and MPEG-DASH; ends in `/`. */
  readonly folder?: string;
  /** The poster; ends in `.jpg`. */
  readonly poster?: string;
}

const getKind = (key: string): keyof ClipKeys => {
  if (key.endsWith("/")) return "folder";
  return /\.jpe?g$/i.test(key) ? "poster" : "file";
};

/** Selects what a clip's output keys are: a folder, a JPEG, or an MP4. @throws JobFailure 1000 for none or two of a kind */
export const selectClipKeys = (outputKeys: readonly string[]): ClipKeys => {
  requireOutputKey(outputKeys, "clip");
  const keys: Partial<Record<keyof ClipKeys, string>> = {};
  for (const key of outputKeys) {
    const kind = getKind(key);
    const other = keys[kind];
    if (other !== undefined)
      throw new JobFailure(
        1000,
        `Recipe clip writes at most one MP4, one folder and one JPEG, but ${other} and ${key} are of one kind. Remove one of them from the route's outputs.`,
      );
    keys[kind] = key;
  }
  return keys;
};
