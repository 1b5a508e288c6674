import type { ConformanceRow } from "./check.ts";

const columns = ["input", "recipe", "build", "property", "expected", "measured"] as const;

/** Renders rows as aligned text. */
export const renderRows = (rows: readonly ConformanceRow[]): string => {
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const renderLine = (cells: readonly string[]) =>
    cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ");
  const lines = [
    `      ${renderLine(columns)}`,
    ...rows.map(
      (row) => `${row.isPass ? "pass" : "FAIL"}  ${renderLine(columns.map((column) => row[column]))}`,
    ),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
};

/** Counts rows that pass and fail. */
export const summarizeRows = (rows: readonly ConformanceRow[]): string => {
  const failing = rows.filter(({ isPass }) => !isPass).length;
  return `${rows.length - failing} passing, ${failing} failing`;
};
