import { toPrintable } from "../../pipeline/text/format.ts";
import { measureText, padEnd, truncateEnd, truncateStart } from "./width.ts";

/** One progress bar. */
export interface Bar {
  readonly label: string;
  /** 0–100 */
  readonly percent: number;
  readonly phase: string;
  /** @default running */
  readonly state?: "pending" | "running" | "done" | "failed";
}
/** Size of the terminal, in character cells. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const maxLabelWidth = 36;
const maxBarWidth = 30;
const phaseWidth = 26;
const marks = { pending: " ", running: " ", done: "✔", failed: "✖" } as const;

const getState = ({ state }: Bar) => state ?? "running";

const renderBar = (percent: number, width: number): string => {
  const filledCells = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  return "█".repeat(filledCells) + "░".repeat(width - filledCells);
};

/** Selects the bars that fit, running and failed ones first; keeps their order. */
const selectBars = (bars: readonly Bar[], lines: number): readonly Bar[] => {
  const byPriority = ["running", "failed", "pending", "done"].flatMap((state) =>
    bars.filter((one) => getState(one) === state),
  );
  const selection = new Set(byPriority.slice(0, lines));
  return bars.filter((one) => selection.has(one));
};

const describeHidden = (bars: readonly Bar[], visibleCount: number): string => {
  const count = (state: Bar["state"]) => bars.filter((one) => getState(one) === state).length;
  const words = [
    [count("done"), "done"],
    [count("failed"), "failed"],
    [count("running"), "running"],
    [count("pending"), "pending"],
  ] as const;
  const counts = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `  ${bars.length - visibleCount} more; total ${bars.length}: ${counts.join(", ")}`;
};

/** Renders one line per bar, within the width and the height of the terminal. */
export const renderBars = (bars: readonly Bar[], { columns, rows }: TerminalSize): string => {
  // The cursor needs a line below the last bar.
  const lines = Math.max(2, rows - 1);
  const visibleBars = bars.length <= lines ? bars : selectBars(bars, lines - 1);
  const labelWidth = Math.min(
    maxLabelWidth,
    Math.max(8, ...visibleBars.map((one) => measureText(toPrintable(one.label)))),
  );
  const barWidth = Math.max(6, Math.min(maxBarWidth, columns - labelWidth - phaseWidth - 10));
  const renderedLines = visibleBars.map((one) => {
    const name = padEnd(truncateStart(toPrintable(one.label), labelWidth), labelWidth);
    const percent = `${Math.floor(one.percent)}%`.padStart(4);
    return `${marks[getState(one)]} ${name} ${renderBar(one.percent, barWidth)} ${percent} ${toPrintable(one.phase)}`;
  });
  if (visibleBars.length < bars.length) renderedLines.push(describeHidden(bars, visibleBars.length));
  return renderedLines.map((line) => truncateEnd(line, Math.max(2, columns - 1))).join("\n");
};
