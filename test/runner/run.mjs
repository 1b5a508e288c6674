// Runs the tests of each folder in a process of its own, two at once: most of them wait for other programs.
// Arguments go to mocha, e.g. `npm test -- --grep router`.
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const lanes = 2;
/** Those that take longest begin first. */
const longest = ["faults", "e2e", "lambdas", "contract", "cli", "adapters", "synth", "pipeline"];
const tests = fileURLToPath(new URL("..", import.meta.url));
const manifest = createRequire(import.meta.url).resolve("mocha/package.json");
const mocha = join(dirname(manifest), "bin/mocha.js");

const isTest = (name) => name.endsWith(".test.ts") && !name.endsWith(".full.test.ts");
const names = (await readdir(tests, { recursive: true })).filter(isTest);
const folders = [...new Set(names.map((name) => (name.includes("/") ? name.split("/")[0] : ".")))];
const place = (folder) => (longest.includes(folder) ? longest.indexOf(folder) : longest.length);
folders.sort((a, b) => place(a) - place(b));

/** Runs one folder's tests and prints what they say once they are done, so that two never mix. */
const run = async (folder) => {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [mocha, "--config", ".mocharc.coverage.json", ...process.argv.slice(2)],
    {
      env: { ...process.env, TEST_FOLDER: folder },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`\n== test/${folder === "." ? "" : folder}: ${seconds} s\n${said}`);
  return {
    folder,
    code,
    failed: Number(/^ +(\d+) failing/m.exec(said)?.[1] ?? 0),
    passed: Number(/^ +(\d+) passing/m.exec(said)?.[1] ?? 0),
  };
};

const results = [];
const waiting = [...folders];
const lane = async () => {
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift())
    results.push(await run(folder));
};
await Promise.all(Array.from({ length: lanes }, lane));
const sum = (value) => results.reduce((total, result) => total + value(result), 0);
const broken = results.filter(({ code }) => code !== 0).map(({ folder }) => folder);
console.log(`\n${sum(({ passed }) => passed)} tests passed, ${sum(({ failed }) => failed)} failed`);
if (broken.length > 0) console.log(`See above: ${broken.join(", ")}`);
process.exitCode = broken.length === 0 ? 0 : 1;
