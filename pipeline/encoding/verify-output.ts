import type { Probe } from "../media/probe.ts";
import type { Expectation } from "./plan.ts";

/** Tolerance for an output's duration in seconds: 2 % or 0.25 s, whichever is more. */
export const computeDurationToleranceSeconds = (seconds: number): number => Math.max(0.25, seconds * 0.02);

/** True if a duration matches the expected one. Both in seconds. */
export const isExpectedDuration = (expected: number, actual: number): boolean =>
  Math.abs(actual - expected) <= computeDurationToleranceSeconds(expected);

const findDurationProblems = (
  expected: number | undefined,
  actual: number | undefined,
): readonly string[] => {
  if (expected === undefined) return [];
  if (actual === undefined) return [`has no duration, expected ${expected.toFixed(2)} s`];
  return isExpectedDuration(expected, actual)
    ? []
    : [`is ${actual.toFixed(2)} s long, expected ${expected.toFixed(2)} s`];
};

const findVideoProblems = (expected: Expectation["video"], probe: Probe): readonly string[] => {
  const { video } = probe;
  if (expected === undefined) return [];
  if (expected === "none") return video === undefined ? [] : ["has video, expected none"];
  if (video === undefined) return ["has no video"];
  return [
    ...(expected.codec === undefined || video.codec === expected.codec
      ? []
      : [`has video codec ${video.codec}, expected ${expected.codec}`]),
    ...(expected.width === undefined || video.codedWidth === expected.width
      ? []
      : [`is ${video.codedWidth} pixels wide, expected ${expected.width}`]),
    ...(expected.height === undefined || video.codedHeight === expected.height
      ? []
      : [`is ${video.codedHeight} pixels high, expected ${expected.height}`]),
  ];
};

const findAudioProblems = (expected: Expectation["audio"], probe: Probe): readonly string[] => {
  const { audio } = probe;
  if (expected === undefined) return [];
  if (expected === "none") return audio === undefined ? [] : ["has audio, expected none"];
  if (audio === undefined) return ["has no audio"];
  return expected.codec === undefined || audio.codec === expected.codec
    ? []
    : [`has audio codec ${audio.codec}, expected ${expected.codec}`];
};

/**
 * Lists the problems of an encoded output; empty if it may be published.
 *
 * @param bytes size of the file
 */
export const verifyOutput = (expected: Expectation, probe: Probe, bytes: number): readonly string[] => [
  ...(bytes > 0 ? [] : ["is empty"]),
  ...findDurationProblems(expected.durationSeconds, probe.durationSeconds),
  ...findVideoProblems(expected.video, probe),
  ...findAudioProblems(expected.audio, probe),
];
