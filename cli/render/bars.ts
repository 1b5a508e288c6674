import { printable } from "../../pipeline/text/format.ts";
import { keepEnd, keepStart, pad, textWidth } from "./width.ts";

/** One line of progress. */
export interface Bar {
  readonly label: string;
  /** 0–100 */
  readonly percent: number;
  readonly stage: string;
  /** How far it is: `going` unless it says otherwise. */
  readonly phase?: "waiting" | "going" | "done" | "failed";
}
/** Room for the lines, in cells. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

const longestLabel = 36;
const longestBar = 30;
const stageRoom = 26;
const marks = { waiting: " ", going: " ", done: "✔", failed: "✖" } as const;

const phaseOf = ({ phase }: Bar) => phase ?? "going";

const bar = (percent: number, width: number): string => {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  return "█".repeat(full) + "░".repeat(width - full);
};

/** The bars that fit, in their own order: what is at work or failed before what waits or is done. */
const fitting = (bars: readonly Bar[], lines: number): readonly Bar[] => {
  const wanted = ["going", "failed", "waiting", "done"].flatMap((phase) =>
    bars.filter((one) => phaseOf(one) === phase),
  );
  const chosen = new Set(wanted.slice(0, lines));
  return bars.filter((one) => chosen.has(one));
};

const rest = (bars: readonly Bar[], shown: number): string => {
  const count = (phase: Bar["phase"]) => bars.filter((one) => phaseOf(one) === phase).length;
  const words = [
    [count("done"), "done"],
    [count("failed"), "failed"],
    [count("going"), "at work"],
    [count("waiting"), "waiting"],
  ] as const;
  const counts = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `  and ${bars.length - shown} more; of all ${bars.length}: ${counts.join(", ")}`;
};

/** Progress as text, a line a bar, none wider and all together no taller than the terminal. */
export const renderBars = (bars: readonly Bar[], { columns, rows }: Room): string => {
  // The cursor stands on a line of its own below the last.
  const lines = Math.max(2, rows - 1);
  const shown = bars.length <= lines ? bars : fitting(bars, lines - 1);
  const label = Math.min(longestLabel, Math.max(8, ...shown.map((one) => textWidth(printable(one.label)))));
  const width = Math.max(6, Math.min(longestBar, columns - label - stageRoom - 10));
  const drawn = shown.map((one) => {
    const name = pad(keepEnd(printable(one.label), label), label);
    const percent = `${Math.floor(one.percent)}%`.padStart(4);
    return `${marks[phaseOf(one)]} ${name} ${bar(one.percent, width)} ${percent} ${printable(one.stage)}`;
  });
  if (shown.length < bars.length) drawn.push(rest(bars, shown.length));
  return drawn.map((line) => keepStart(line, Math.max(2, columns - 1))).join("\n");
};
