import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Started } from "./program.ts";

/** Command lines of the processes that work in a data folder, its runtime left out. */
export const processesOf = async (data: string, runtime: Started): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === runtime.child.pid) continue;
    const line = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (line.includes(data)) found.push(line.replaceAll("\0", " "));
  }
  return found;
};

const task = z.object({
  status: z.string(),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
});

/** What the runtime noted of its tasks. */
export const tasksOf = async (data: string): Promise<readonly z.infer<typeof task>[]> => {
  const names = (await readdir(join(data, "tasks"))).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => task.parse(JSON.parse(await readFile(join(data, "tasks", name), "utf8")))),
  );
};
