import { keepEnd, printable } from "./format.ts";

/** One line of progress. */
export interface Bar {
  readonly label: string;
  /** 0–100 */
  readonly percent: number;
  readonly stage: string;
  /** How it ended; absent while it goes on. */
  readonly end?: "done" | "failed";
}

const longestLabel = 36;
const longestBar = 30;
const stageRoom = 26;

const bar = (percent: number, width: number): string => {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  return "█".repeat(full) + "░".repeat(width - full);
};

/** Progress as text, a line a bar, none wider than the terminal. */
export const renderBars = (bars: readonly Bar[], columns: number): string => {
  const label = Math.min(longestLabel, Math.max(8, ...bars.map((one) => [...printable(one.label)].length)));
  const width = Math.max(6, Math.min(longestBar, columns - label - stageRoom - 10));
  return bars
    .map((one) => {
      const name = keepEnd(printable(one.label), label).padEnd(label);
      const mark = one.end === "done" ? "✔" : one.end === "failed" ? "✖" : " ";
      const percent = `${Math.floor(one.percent)}%`.padStart(4);
      const line = `${mark} ${name} ${bar(one.percent, width)} ${percent} ${printable(one.stage)}`;
      const characters = [...line];
      return characters.length < columns
        ? line
        : `${characters.slice(0, Math.max(1, columns - 2)).join("")}…`;
    })
    .join("\n");
};
