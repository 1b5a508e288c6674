import { type FSWatcher, watch } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import * as z from "zod";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { parseJson } from "../pipeline/text/parse-json.ts";

const bodySchema = z.looseObject({
  state: z.enum(["PROGRESSING", "COMPLETED", "WARNING", "ERROR"]),
  jobId: z.string(),
  messageDetails: z.string().optional(),
  input: z.looseObject({ key: z.string() }).optional(),
  outputs: z.array(z.looseObject({ key: z.string() })).default([]),
});
const lineSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  topic: z.string(),
  id: z.string(),
  subject: z.string(),
  message: z.string(),
});

/** A message published by the transcoder service. */
export interface TranscoderEvent extends Omit<z.infer<typeof lineSchema>, "message"> {
  readonly message: z.infer<typeof bodySchema>;
}

/** Parses one line of the notification log; undefined for other messages. */
export const parseTranscoderEvent = (text: string): TranscoderEvent | undefined => {
  const parsed = lineSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const message = bodySchema.safeParse(parseJson(parsed.data.message));
  return message.success ? { ...parsed.data, message: message.data } : undefined;
};

/** Used if the file system reports no changes. */
const pollIntervalMs = 1000;

/** Calls back when a file may have changed. The folder must exist, the file may be missing. */
const watchFile = (path: string, onChange: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const startPolling = (): void => {
    timer ??= setInterval(onChange, pollIntervalMs);
  };
  try {
    watcher = watch(dirname(path), (_kind, name) => {
      if (name === null || name === basename(path)) onChange();
    });
    watcher.on("error", startPolling);
  } catch {
    startPolling();
  }
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
};

const readSize = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (getSystemErrorCode(cause) === "ENOENT") return 0;
    throw cause;
  }
};

async function* readChunks(path: string, from: number, to: number): AsyncGenerator<Buffer> {
  if (from >= to) return;
  const file = await open(path);
  try {
    for await (const chunk of file.createReadStream({ start: from, end: to - 1, autoClose: false }))
      yield Buffer.from(chunk);
  } finally {
    await file.close();
  }
}

/**
 * Yields the complete lines of a file that other processes append to. With a signal it follows the file until aborted. A
 * file that is created later or truncated is read from its beginning.
 */
export async function* readLines(path: string, follow?: AbortSignal): AsyncGenerator<string> {
  let hasChanged = false;
  let wake = (): void => undefined;
  const notify = (): void => {
    hasChanged = true;
    wake();
  };
  const unwatch = follow === undefined ? undefined : watchFile(path, notify);
  follow?.addEventListener("abort", notify);
  let offset = 0;
  let remainder = Buffer.alloc(0);
  try {
    for (;;) {
      hasChanged = false;
      const size = await readSize(path);
      if (size < offset) {
        offset = 0;
        remainder = Buffer.alloc(0);
      }
      for await (const chunk of readChunks(path, offset, size)) {
        offset += chunk.length;
        const text = Buffer.concat([remainder, chunk]);
        const end = text.lastIndexOf(10) + 1;
        remainder = text.subarray(end);
        if (end > 0) yield* text.toString("utf8", 0, end - 1).split("\n");
      }
      if (follow === undefined || follow.aborted) return;
      if (!hasChanged)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (follow.aborted) return;
    }
  } finally {
    unwatch?.();
    follow?.removeEventListener("abort", notify);
  }
}
