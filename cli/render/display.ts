import { createLogUpdate } from "log-update";
import type { TerminalSize } from "./bars.ts";

/** A place on the terminal that is drawn over and over; elsewhere (a pipe, a log) lines that are new. */
export interface Display {
  /** The terminal's size now: it may change under way. */
  getSize(): TerminalSize;
  /**
   * @param text drawn in place on a terminal
   * @param lines written once each where there is no terminal
   */
  update(text: string, lines: readonly string[]): void;
  /** Leaves the last text standing. */
  close(): void;
}

/** Opens a display on standard output or standard error. */
export const openDisplay = (stream: NodeJS.WriteStream): Display => {
  const writtenLines = new Set<string>();
  const isPlain = stream.isTTY !== true;
  const draw = isPlain ? undefined : createLogUpdate(stream);
  return {
    getSize: () => ({ columns: stream.columns || 100, rows: stream.rows || 24 }),
    update(text, lines) {
      if (draw !== undefined) draw(text);
      else
        for (const line of lines)
          if (!writtenLines.has(line)) {
            writtenLines.add(line);
            stream.write(`${line}\n`);
          }
    },
    close: () => draw?.done(),
  };
};
