import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

/**
 * What is remembered of a file that a bundle was made of: its path below the project's folder, and of its content
 * size in bytes, times in milliseconds and SHA-256. A file that was not there has the size -1: its coming is a change.
 */
export const inputSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  changedMs: z.number(),
  sha256: z.string(),
});
export type Input = z.infer<typeof inputSchema>;
type Mark = Pick<Input, "bytes" | "modifiedMs" | "changedMs">;

const absent: Mark = { bytes: -1, modifiedMs: 0, changedMs: 0 };

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** A file system's clock may run this much behind. */
const clockMs = 20;

/** Whether none of the files was written since: one that was may not be what was read. */
export const stoodStill = (inputs: readonly Input[], sinceMs: number): boolean =>
  inputs.every(({ modifiedMs, changedMs }) => Math.max(modifiedMs, changedMs) < sinceMs - clockMs);

/** Looks at files, each of them once: functions share most of what they are made of. */
export const createInputReader = (root: string) => {
  const seen = new Map<string, Mark>();
  const look = (path: string): Mark => {
    const known = seen.get(path);
    if (known !== undefined) return known;
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    const mark =
      found === undefined
        ? absent
        : { bytes: found.size, modifiedMs: found.mtimeMs, changedMs: found.ctimeMs };
    seen.set(path, mark);
    return mark;
  };
  const hash = (path: string, mark: Mark): string =>
    mark.bytes < 0 ? "" : sha256(readFileSync(join(root, path)));
  return {
    /** Remembers files as they are now. */
    remember(paths: readonly string[]): Input[] {
      return paths.map((path) => {
        seen.delete(path);
        const mark = look(path);
        return { path, ...mark, sha256: hash(path, mark) };
      });
    },
    /**
     * Compares files with what is remembered of them. Only those whose size or times differ are read: a checkout gives
     * files new times and the same content.
     *
     * @returns `same`, `moved` when only the times differ, `changed` otherwise
     */
    compare(inputs: readonly Input[]): "same" | "moved" | "changed" {
      let moved = false;
      for (const input of inputs) {
        const mark = look(input.path);
        if (mark.modifiedMs === input.modifiedMs && mark.changedMs === input.changedMs) {
          if (mark.bytes === input.bytes) continue;
          return "changed";
        }
        if (mark.bytes !== input.bytes || hash(input.path, mark) !== input.sha256) return "changed";
        moved = true;
      }
      return moved ? "moved" : "same";
    },
  };
};
export type InputReader = ReturnType<typeof createInputReader>;
