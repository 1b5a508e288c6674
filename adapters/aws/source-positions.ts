import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** The bundle that contains this module. */
const bundlePath = fileURLToPath(import.meta.url);

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
/** Positions in the bundle: line and column, both from 1. */
const positionPattern = new RegExp(`${escapePattern(bundlePath)}:(\\d+):(\\d+)`, "g");

let sourceMap: SourceMap | null | undefined;
const readSourceMap = (): SourceMap | null => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${bundlePath}.map`, "utf8")));
  } catch {
    return null;
  }
};

/**
 * Replaces the positions of a bundle in a stack trace by positions in the sources: `docker/ffmpeg/worker.ts:12:3`. The
 * source map is read at the first call. With `--enable-source-maps`, Node reads it when the program starts, which takes
 * 0.1 s and 20 MB in every job.
 *
 * @param stack a stack trace; unchanged outside a bundle or without a source map
 */
export const toSourcePositions = (stack: string): string => {
  if (stack.search(positionPattern) < 0) return stack;
  sourceMap ??= readSourceMap();
  return stack.replaceAll(positionPattern, (position, line: string, column: string) => {
    const entry = sourceMap?.findEntry(Number(line) - 1, Number(column) - 1);
    return entry !== undefined && "originalSource" in entry
      ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : position;
  });
};
