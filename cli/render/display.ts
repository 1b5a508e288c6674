import type { TerminalSize } from "./bars.ts";

/** Text that is redrawn in place on a terminal. Without a terminal (a pipe, a log) each new line is printed once. */
export interface Display {
  /** Returns the current size of the terminal. */
  getSize(): TerminalSize;
  /**
   * @param text drawn in place on a terminal
   * @param lines printed once each without a terminal
   */
  update(text: string, lines: readonly string[]): void;
  /** Stops redrawing; the last text stays on the terminal. */
  close(): void;
}

/** Opens a display on standard output or standard error. */
export const openDisplay = async (stream: NodeJS.WriteStream): Promise<Display> => {
  const writtenLines = new Set<string>();
  const isPlain = stream.isTTY !== true;
  const draw = isPlain ? undefined : (await import("log-update")).createLogUpdate(stream);
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
