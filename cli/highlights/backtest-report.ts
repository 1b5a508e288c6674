import Table from "cli-table3";
import type { LabelPeriod } from "../../pipeline/highlights/truth-schema.ts";
import type { DetectorName } from "../../pipeline/ports/label-detector.ts";
import { formatSeconds, formatSpeed, toPrintable } from "../../pipeline/text/format.ts";
import type { BacktestResult } from "../../runtime/highlights/backtest.ts";

/** Formats seconds of a recording: `0:12.480`, `1:02:03.000`. */
export const formatPosition = (seconds: number): string => {
  const milliseconds = Math.round(seconds * 1000);
  const padTwo = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const rest = `${padTwo(Math.floor(milliseconds / 1000) % 60)}.${String(milliseconds % 1000).padStart(3, "0")}`;
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${padTwo(minutes)}:${rest}`;
};

const formatPeriod = ({ start, end }: LabelPeriod): string =>
  `${formatPosition(start)} – ${formatPosition(end)}`;

/** Formats a difference in frames: `0`, `+1`, `-2.5`. */
const formatFrames = (frames: number): string => {
  const rounded = Math.round(frames * 10) / 10;
  return `${rounded > 0 ? "+" : ""}${rounded === 0 ? 0 : rounded}`;
};

const formatPercent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

interface Row {
  readonly label: string;
  readonly start: number;
  readonly cells: readonly string[];
}

const buildRows = (
  { appearances, frameRate }: BacktestResult,
  truth: readonly LabelPeriod[],
): readonly Row[] => {
  const matched = new Set(appearances.map(({ matches }) => matches));
  const found = appearances.map((appearance): Row => {
    const { label, start, end, matches } = appearance;
    const truePeriod = matches === null ? undefined : truth[matches];
    return {
      label,
      start,
      cells:
        truePeriod === undefined
          ? [formatPeriod(appearance), "–", "", "", "not in the truth"]
          : [
              formatPeriod(appearance),
              formatPeriod(truePeriod),
              formatFrames((start - truePeriod.start) * frameRate),
              formatFrames((end - truePeriod.end) * frameRate),
              "found",
            ],
    };
  });
  const missed = truth.flatMap((period, index): readonly Row[] =>
    matched.has(index) ? [] : [{ ...period, cells: ["–", formatPeriod(period), "", "", "missed"] }],
  );
  return [...found, ...missed].sort((first, second) => first.start - second.start);
};

/** Renders found against true appearances, and the figures of a backtest. */
export const renderBacktest = (
  result: BacktestResult,
  truth: readonly LabelPeriod[],
  detector: DetectorName,
): string => {
  const { appearances, precision, recall, edgeErrorFrames, durationSeconds, elapsedSeconds, frameRate } =
    result;
  const table = new Table({
    head: ["label", "found", "true", "start\n(frames)", "end\n(frames)", "result"],
    style: { head: [], border: [] },
  });
  const rows = buildRows(result, truth);
  for (const { label, cells } of rows) table.push([toPrintable(label), ...cells]);
  const matches = appearances.filter((one) => one.matches !== null).length;
  const { median, max } = edgeErrorFrames;
  const edges =
    median === null || max === null ? "none to compare" : `median ${median}, maximum ${max} frames`;
  return [
    rows.length === 0 ? "No appearance was found, and the truth has none." : table.toString(),
    `Precision:    ${formatPercent(precision)} (${matches} of ${appearances.length} found appearances are true)`,
    `Recall:       ${formatPercent(recall)} (${matches} of ${truth.length} true appearances are found)`,
    `Edge errors:  ${edges}`,
    `Detections:   ${result.detections} by ${detector}; ${Math.round(result.detectionsPerHour)} an hour`,
    `Price:        $${result.usdPerHour.toFixed(2)} an hour at Amazon Rekognition's price`,
    `Recording:    ${formatSeconds(durationSeconds)} at ${Math.round(frameRate * 100) / 100} frames/s, watched in ${formatSeconds(elapsedSeconds)} (${formatSpeed(elapsedSeconds, durationSeconds)})`,
    "",
  ].join("\n");
};
