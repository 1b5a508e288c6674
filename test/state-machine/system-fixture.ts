import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openDatabase } from "../../adapters/local/database.ts";
import { createLocalObjectStore, type LocalObjectStore } from "../../adapters/local/object-store.ts";
import { runAttempt } from "../../docker/ffmpeg/attempt/run-attempt.ts";
import { AttemptAborted } from "../../docker/ffmpeg/failures/attempt-aborted.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import { stubAttempt } from "./stub-attempt.ts";

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Shared by both systems: folders, a database, workers without media programs, and a clock that can be
 * advanced.
 */
export const openSystemFixture = async () => {
  const root = await mkdtemp(join(tmpdir(), "reelway-machine-"));
  const scratch = join(root, "scratch");
  await mkdir(scratch);
  const database = await openDatabase();
  let aheadSeconds = 0;
  let stores = 0;
  return {
    database,
    clock: { now: () => new Date(Date.now() + aheadSeconds * 1000) },
    advanceClock(seconds: number): void {
      aheadSeconds += seconds;
    },
    /** Advances the clock instead of waiting. */
    wait: async (milliseconds: number): Promise<void> => {
      aheadSeconds += milliseconds / 1000;
    },
    /** A separate object store for each run, so that a sweep lists one upload only. */
    newObjects(): LocalObjectStore {
      stores += 1;
      return createLocalObjectStore({ directory: join(root, `objects-${stores}`) });
    },
    /** Runs a worker to its exit code. */
    runWorker(
      objects: ObjectStore,
      attemptStore: Parameters<typeof runAttempt>[1],
      stop: AbortSignal,
    ): ReturnType<typeof runAttempt> {
      const controller = new AbortController();
      stop.addEventListener("abort", () => controller.abort(new AttemptAborted("stopped")));
      return runAttempt(
        {
          openObjectStore: () => objects,
          programs: { ffmpeg: "/nonexistent", ffprobe: "/nonexistent" },
          imageProgram: "/nonexistent",
          readCapabilities: () => Promise.reject(new Error("not asked by the stub")),
          scratch,
          threads: 1,
          readTimeoutSeconds: 20,
          ffmpegTimeoutSeconds: 60,
          progressTimeoutSeconds: 60,
          progressPeriodSeconds: 1,
          maxScratchBytes: 2 ** 30,
          graceSeconds: 1,
          taskMemoryBytes: 2 ** 30,
          retryPolicy: { retries: 3, minDelayMs: 1 },
          log: silentLog,
        },
        attemptStore,
        controller.signal,
        stubAttempt,
      );
    },
    scratch: () => readdir(scratch),
    async close(): Promise<void> {
      await database.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};

/** Every output, with its text and metadata. */
export const readOutputs = async (objects: ObjectStore) => {
  const outputs: { key: string; text: string; metadata: Readonly<Record<string, string>> }[] = [];
  for await (const { key } of objects.list("output", "")) {
    const head = await objects.head({ bucket: "output", key });
    const body = await text(await objects.read({ bucket: "output", key }));
    outputs.push({ key, text: body, metadata: head?.metadata ?? {} });
  }
  return outputs;
};
