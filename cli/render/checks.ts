import { styleText } from "node:util";
import type { CheckResult } from "../../pipeline/text/check-result.ts";
import { toPrintable } from "../../pipeline/text/format.ts";

const marks = {
  ok: ["✔", "green"],
  warning: ["!", "yellow"],
  failure: ["✖", "red"],
} as const;

const formatCount = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/**
 * Renders the results of checks, one line each, with a second line for the next step.
 *
 * @param isColored whether the marks are coloured, as on a terminal
 */
export const renderChecks = (results: readonly CheckResult[], isColored: boolean): string => {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.flatMap(({ name, status, message, nextStep }) => {
    const [mark, color] = marks[status];
    const start = isColored ? styleText(color, mark, { validateStream: false }) : mark;
    const line = `${start} ${name.padEnd(width)}  ${toPrintable(message)}`;
    return nextStep === null ? [line] : [line, `${" ".repeat(width + 4)}→ ${toPrintable(nextStep)}`];
  });
  const count = (status: CheckResult["status"]) => results.filter((one) => one.status === status).length;
  const [failures, warnings] = [count("failure"), count("warning")];
  const end =
    failures + warnings === 0
      ? "All checks passed."
      : `${formatCount(failures, "failure")}, ${formatCount(warnings, "warning")}.`;
  return `${lines.join("\n")}\n\n${end}\n`;
};
