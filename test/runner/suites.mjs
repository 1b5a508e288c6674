import { readdir } from "node:fs/promises";

const folder = new URL("..", import.meta.url);

/** Tests that start programs, servers or databases, or that synthesize: whatever is not pure. */
const acting = [
  "test/adapters/local/",
  "test/build/",
  "test/cli/",
  "test/conformance/",
  "test/contract/",
  "test/docker/ffmpeg/memory.",
  "test/docker/ffmpeg/watched-child.",
  "test/e2e/",
  "test/faults/",
  "test/imports.",
  "test/lambdas/router/duplicate-events.",
  "test/media/",
  "test/policy/policies.",
  "test/project/render-configuration.",
  "test/project/templates.",
  "test/runtime/",
  "test/state-machine/",
  "test/synth/",
  "test/terraform/runner/synthesize.",
  "test/terraform/smoke/inspect.",
];
/** What takes longest is begun first, so that no lane works alone at the end. */
const slowest = [
  "test/media/conformance.",
  "test/apply/stacks",
  "test/e2e/",
  "test/faults/",
  "test/state-machine/",
  "test/runtime/",
  "test/cli/",
];
/** Wait for timers and other processes much of the time: they run in one process more, beside the others. */
const waiting = [
  "test/adapters/aws/task-runner.",
  "test/docker/ffmpeg/watched-child.",
  "test/e2e/first-start.",
  "test/e2e/start-failure.",
  "test/faults/hostile-media.",
  "test/faults/stalls.",
  "test/runtime/drop-folder",
  "test/runtime/server/bodies.",
];
/** Run again in the full suite, with the installed ffmpeg: what they prove depends on its version. */
const withInstalledFfmpeg = ["test/faults/media.test.ts", "test/faults/transcoder-job.test.ts"];
/** Run twice in the full suite: with the installed ffmpeg and with the packaged one. */
const withBothBuilds = ["test/faults/bombs.full.test.ts", "test/faults/timestamps.full.test.ts"];
/** In a browser that has to wait for the machine, players skip frames. */
const alone = ["test/browser/"];

const rankOf = (path) => {
  const rank = slowest.findIndex((prefix) => path.startsWith(prefix));
  return rank < 0 ? slowest.length : rank;
};
const isBelow = (prefixes) => (path) => prefixes.some((prefix) => path.startsWith(prefix));
const not = (test) => (path) => !test(path);

/**
 * The test files of a suite, in the order in which they are begun. The files of a phase run side by side.
 *
 * @param {string} name `unit`: pure tests; `fast`: all that need Node alone; `full`: those that need other tools
 * @returns {Promise<{ timeoutMs: number, phases: Phase[] }>}
 * @typedef {{ paths: string[], pathsBeside?: string[], lanes?: number, mediaPath?: string }} Phase
 *   `pathsBeside`: run in one process more. `mediaPath`: search path of ffmpeg for the workers under test. Default: the packaged ffmpeg
 */
export const filesOf = async (name) => {
  const all = (await readdir(folder, { recursive: true }))
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => `test/${path}`)
    .sort((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b));
  const full = all.filter((path) => path.endsWith(".full.test.ts"));
  const fast = all.filter((path) => !path.endsWith(".full.test.ts"));
  switch (name) {
    case "unit":
      return { timeoutMs: 30_000, phases: [{ paths: fast.filter(not(isBelow(acting))) }] };
    case "fast":
      return {
        timeoutMs: 60_000,
        phases: [{ paths: fast.filter(not(isBelow(waiting))), pathsBeside: fast.filter(isBelow(waiting)) }],
      };
    case "full":
      return {
        timeoutMs: 600_000,
        phases: [
          // One process more than elsewhere: Terraform's provider mostly waits.
          {
            paths: [...full.filter(not(isBelow(alone))), ...withInstalledFfmpeg],
            lanes: 3,
            mediaPath: process.env.PATH,
          },
          { paths: withBothBuilds, lanes: 3 },
          { paths: full.filter(isBelow(alone)), lanes: 1 },
        ],
      };
    default:
      throw new Error(`There is no suite "${name}": there are unit, fast and full.`);
  }
};
