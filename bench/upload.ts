import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "../runtime/client.ts";
import { median } from "./measure.ts";
import type { BenchResult } from "./result.ts";

const pairCount = 5;
const fileBytes = 512 * 2 ** 20;
const mebibyte = 2 ** 20;

/** Writes a file without holes: a file system copies those for free. */
const writeFile = async (path: string): Promise<void> => {
  const handle = await open(path, "w");
  try {
    for (let offset = 0; offset < fileBytes; offset += mebibyte)
      await handle.write(Buffer.alloc(mebibyte, offset >> 20));
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Copies a file and waits until it is on the disk, as an upload does. */
const copyToDisk = async (from: string, to: string): Promise<void> => {
  await copyFile(from, to);
  const handle = await open(to, "r+");
  await handle.sync();
  await handle.close();
};

const measureSeconds = async (operation: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await operation();
  return (performance.now() - startMs) / 1000;
};

const startRuntime = async (data: string) => {
  const child = spawn(process.execPath, ["cli/bin.js", "start", "--data", data, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port === undefined) continue;
    // Keeps reading, so that the runtime can write.
    child.stdout.resume();
    return {
      port: Number(port),
      async close() {
        child.kill("SIGTERM");
        await exited;
      },
    };
  }
  throw new Error("reelway start ended.");
};

/** Measures an upload in parts to the runtime against a copy of the file, in pairs that run in turn. */
export const benchUpload = async (): Promise<readonly BenchResult[]> => {
  const directory = await mkdtemp(join(tmpdir(), "reelway-bench-"));
  const runtime = await startRuntime(join(directory, "data"));
  try {
    const source = join(directory, "source");
    await writeFile(source);
    const client = createClient({ port: runtime.port });
    const seconds: { upload: number[]; copy: number[] } = { upload: [], copy: [] };
    for (let pair = 0; pair < pairCount; pair += 1) {
      const copy = join(directory, "copy");
      seconds.copy.push(await measureSeconds(() => copyToDisk(source, copy)));
      await rm(copy);
      // An asset, which becomes no job.
      const file = { path: source, key: `bench-${pair}.srt`, bytes: fileBytes };
      seconds.upload.push(
        await measureSeconds(() => client.upload(file, {}, { onProgress: () => undefined })),
      );
    }
    const ratios = seconds.upload.map((upload, pair) => upload / (seconds.copy[pair] ?? Number.NaN));
    return [
      {
        name: "upload: throughput",
        value: fileBytes / mebibyte / median(seconds.upload),
        unit: "MiB/s",
      },
      {
        name: "upload: time relative to a copy of the file",
        value: median(ratios),
        spread: [Math.min(...ratios), Math.max(...ratios)],
        unit: "×",
      },
    ];
  } finally {
    await runtime.close();
    await rm(directory, { recursive: true, force: true });
  }
};
