import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { RunningRuntime } from "./program.ts";

/** Command lines of the processes that use a data folder, without its runtime. */
export const listProcesses = async (data: string, runtime: RunningRuntime): Promise<readonly string[]> => {
  const paths: string[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === runtime.child.pid) continue;
    const line = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (line.includes(data)) paths.push(line.replaceAll("\0", " "));
  }
  return paths;
};

const task = z.object({
  status: z.string(),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
});

/** The runtime's task records. */
export const listTasks = async (data: string): Promise<readonly z.infer<typeof task>[]> => {
  const names = (await readdir(join(data, "tasks"))).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => task.parse(JSON.parse(await readFile(join(data, "tasks", name), "utf8")))),
  );
};
