import { type FSWatcher, watch } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import * as z from "zod";
import { systemCode } from "../adapters/local/system-code.ts";

const body = z.looseObject({
  state: z.enum(["PROGRESSING", "COMPLETED", "WARNING", "ERROR"]),
  jobId: z.string(),
  messageDetails: z.string().optional(),
  input: z.looseObject({ key: z.string() }).optional(),
  outputs: z.array(z.looseObject({ key: z.string() })).default([]),
});
const line = z.object({
  /** ISO 8601. */
  at: z.string(),
  topic: z.string(),
  id: z.string(),
  subject: z.string(),
  message: z.string(),
});

/** A message that the transcoder service has published. */
export interface TranscoderEvent extends Omit<z.infer<typeof line>, "message"> {
  readonly message: z.infer<typeof body>;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The event of one line of the notifications' log; undefined for a line that is of something else. */
export const parseTranscoderEvent = (text: string): TranscoderEvent | undefined => {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const message = body.safeParse(parseJson(parsed.data.message));
  return message.success ? { ...parsed.data, message: message.data } : undefined;
};

/** Where changes of files are not told. */
const pollMilliseconds = 1000;

/** Calls back when a file may have changed; the folder must be there, the file need not. */
const onChange = (path: string, changed: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const poll = (): void => {
    timer ??= setInterval(changed, pollMilliseconds);
  };
  try {
    watcher = watch(dirname(path), (_kind, name) => {
      if (name === null || name === basename(path)) changed();
    });
    watcher.on("error", poll);
  } catch {
    poll();
  }
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
};

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return 0;
    throw cause;
  }
};

async function* chunksOf(path: string, from: number, to: number): AsyncGenerator<Buffer> {
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
 * The whole lines of a file that others append to; with a signal also those to come, until it is given. A file that
 * is not there yet, or was cut, is read from its beginning once it is there.
 */
export async function* readLines(path: string, follow?: AbortSignal): AsyncGenerator<string> {
  let changed = false;
  let wake = (): void => undefined;
  const tell = (): void => {
    changed = true;
    wake();
  };
  const unwatch = follow === undefined ? undefined : onChange(path, tell);
  follow?.addEventListener("abort", tell);
  let at = 0;
  let rest = Buffer.alloc(0);
  try {
    for (;;) {
      changed = false;
      const size = await sizeOf(path);
      if (size < at) {
        at = 0;
        rest = Buffer.alloc(0);
      }
      for await (const chunk of chunksOf(path, at, size)) {
        at += chunk.length;
        const text = Buffer.concat([rest, chunk]);
        const end = text.lastIndexOf(10) + 1;
        rest = text.subarray(end);
        if (end > 0) yield* text.toString("utf8", 0, end - 1).split("\n");
      }
      if (follow === undefined || follow.aborted) return;
      if (!changed)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (follow.aborted) return;
    }
  } finally {
    unwatch?.();
    follow?.removeEventListener("abort", tell);
  }
}
