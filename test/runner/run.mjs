// Runs a suite's test files side by side, each whole in one process, and ends with what failed.
// usage: node test/runner/run.mjs unit|fast|full [PART OF A PATH…]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesOf } from "./suites.mjs";

const [, , name = "", ...parts] = process.argv;
const suite = await filesOf(name);
const wanted = (path) => parts.length === 0 || parts.some((part) => path.includes(part));
const laneCount = Number(process.env.TEST_LANES || Math.min(4, Math.max(2, availableParallelism())));
const began = performance.now();
const secondsSince = (moment) => (performance.now() - moment) / 1000;
// A short name: Unix sockets below it have paths of at most 107 bytes.
const folder = await mkdtemp(join(tmpdir(), "rt-"));
const ends = [];
let laneNumber = 0;
// Tests run the compiled command and the compiled worker.
await import("../../build/compile.mjs");

const startLane = async (mediaPath) => {
  laneNumber += 1;
  const TMPDIR = join(folder, String(laneNumber));
  await mkdir(TMPDIR);
  return fork(fileURLToPath(new URL("lane.mjs", import.meta.url)), [], {
    env: {
      ...process.env,
      TMPDIR,
      TEST_TIMEOUT_MS: String(suite.timeoutMs),
      TEST_MEDIA_PATH: mediaPath,
    },
  });
};

/** Runs files of a queue, which other lanes share, until it is empty. A file that ends its process counts as failed. */
const runLane = async (queue, mediaPath) => {
  let lane;
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    lane ??= await startLane(mediaPath);
    const started = performance.now();
    const exit = once(lane, "exit").then(([code, signal]) => {
      lane = undefined;
      return {
        passed: 0,
        failed: 1,
        text: "",
        account: `\n  The process of this file ended before its tests did (${signal ?? code}).`,
        seconds: secondsSince(started),
        cpuSeconds: 0,
      };
    });
    lane.send(path);
    const [end] = await Promise.race([once(lane, "message"), exit.then((end) => [end])]);
    ends.push({ ...end, path });
    console.log(`${path} (${end.seconds.toFixed(1)} s)${end.text}\n${end.account}`);
  }
  if (lane === undefined) return;
  const ended = once(lane, "exit");
  lane.send(null);
  await ended;
};

for (const { paths, pathsBeside = [], lanes = laneCount, mediaPath = "" } of suite.phases) {
  const queue = paths.filter(wanted);
  const queues = [
    ...Array.from({ length: Math.min(lanes, queue.length) }, () => queue),
    pathsBeside.filter(wanted),
  ];
  await Promise.all(queues.map((one) => runLane(one, mediaPath)));
}
const left = (await readdir(folder, { recursive: true })).filter((path) => /^\d+\/(?!tsx-)[^/]+$/.test(path));
await rm(folder, { recursive: true, force: true });
if (left.length > 0) {
  const account = `  Left behind in the folder for temporary files: ${left.join(", ")}`;
  ends.push({ path: "all files", passed: 0, failed: 1, seconds: 0, cpuSeconds: 0, account });
}

const sum = (key) => ends.reduce((total, end) => total + end[key], 0);
console.log("Slowest files, and the CPU time of each:");
for (const { path, seconds, cpuSeconds } of ends.sort((a, b) => b.seconds - a.seconds).slice(0, 20))
  console.log(`${seconds.toFixed(1).padStart(7)} s ${cpuSeconds.toFixed(1).padStart(7)} s  ${path}`);
console.log(
  `\n  ${sum("passed")} passing (${Math.round(secondsSince(began))} s, CPU ${Math.round(sum("cpuSeconds"))} s)`,
);
if (sum("failed") > 0 || ends.length === 0) {
  console.log(`  ${sum("failed")} failing`);
  for (const { path, account } of ends) if (account !== "") console.log(`\n${path}\n${account}`);
  process.exitCode = 1;
}
