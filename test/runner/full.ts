import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const mocha = fileURLToPath(import.meta.resolve("mocha/bin/mocha.js"));
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folders whose tests need the machine to themselves: a player that is kept waiting skips. */
const alone = /^test\/browser\//;
/** Folders whose tests mostly wait, for Terraform's provider; beside them the others keep the processors busy. */
const waiting = /^test\/(apply|delivery|synth)\//;

const files = (await readdir(new URL("..", import.meta.url), { recursive: true }))
  .filter((name) => name.endsWith(".full.test.ts"))
  .map((name) => `test/${name}`)
  .sort();

/** Runs the files one after the other; answers whether all passed. */
const run = async (chosen: readonly string[], seen: "at once" | "at the end"): Promise<boolean> => {
  const child = spawn(process.execPath, [mocha, "--config", ".mocharc.full.json", ...chosen], {
    cwd: root,
    stdio: ["ignore", seen === "at once" ? "inherit" : "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (child.stdout !== null) process.stdout.write(await text(child.stdout));
  return (await ended) === 0;
};

const first = await run(
  files.filter((file) => alone.test(file)),
  "at once",
);
const rest = await Promise.all([
  run(
    files.filter((file) => !alone.test(file) && !waiting.test(file)),
    "at once",
  ),
  run(
    files.filter((file) => waiting.test(file)),
    "at the end",
  ),
]);
process.exitCode = [first, ...rest].every(Boolean) ? 0 : 1;
