import type { ProducedFile } from "../../e2e/drive-plan.ts";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import type { DecodedMedia } from "./decoded-media.ts";

/** What a recipe made of an input, and how it is decoded. */
export interface RecipeOutputs {
  readonly programs: MediaPrograms;
  readonly files: readonly ProducedFile[];
  readonly media: DecodedMedia;
}

/** A measured value and whether it is right. */
export interface Measurement {
  readonly measured: string;
  readonly isPass: boolean;
}

/** A property of outputs that is measured. */
export interface Check {
  readonly property: string;
  readonly expected: string;
  readonly measure: (outputs: RecipeOutputs) => Promise<Measurement>;
}

/** One line of the table. */
export interface ConformanceRow {
  readonly input: string;
  readonly recipe: string;
  readonly build: string;
  readonly property: string;
  readonly expected: string;
  readonly measured: string;
  readonly isPass: boolean;
}

/** The one output whose key ends so. @throws Error if it is missing */
export const findFile = ({ files }: RecipeOutputs, ending: string): ProducedFile => {
  const file = files.find(({ key }) => key.endsWith(ending));
  if (file === undefined) throw new Error(`no output ${ending}`);
  return file;
};

const formatTimes = (times: readonly number[], digits: number): string =>
  times.length === 0 ? "none" : times.map((time) => time.toFixed(digits)).join(", ");

/** Compares times with expected ones, in order. */
export const checkTimes = (
  property: string,
  expected: readonly number[],
  tolerance: number,
  read: (outputs: RecipeOutputs) => Promise<readonly number[]>,
): Check => ({
  property,
  expected: `${formatTimes(expected, 2)} s ±${Number(tolerance.toFixed(3))}`,
  async measure(outputs) {
    const times = await read(outputs);
    return {
      measured: `${formatTimes(times, 3)} s`,
      isPass:
        times.length === expected.length &&
        times.every((time, index) => Math.abs(time - (expected[index] ?? Infinity)) <= tolerance),
    };
  },
});

/** Compares a number with its least and its greatest value. */
export const checkRange = (
  property: string,
  [least, most]: readonly [least: number, most: number],
  unit: string,
  read: (outputs: RecipeOutputs) => Promise<number>,
): Check => {
  const suffix = unit === "" ? "" : ` ${unit}`;
  const bounds =
    least === most
      ? `${least}`
      : least === -Infinity
        ? `at most ${most}`
        : most === Infinity
          ? `at least ${least}`
          : `${least} to ${most}`;
  return {
    property,
    expected: `${bounds}${suffix}`,
    async measure(outputs) {
      const value = await read(outputs);
      return {
        measured: `${Number(value.toFixed(3))}${suffix}`,
        isPass: value >= least && value <= most,
      };
    },
  };
};

/** Compares texts. */
export const checkText = (
  property: string,
  expected: string,
  read: (outputs: RecipeOutputs) => Promise<string>,
): Check => ({
  property,
  expected,
  async measure(outputs) {
    const measured = await read(outputs);
    return { measured, isPass: measured === expected };
  },
});
