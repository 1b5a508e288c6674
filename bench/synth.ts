import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { measure, median } from "./measure.ts";
import type { BenchResult } from "./result.ts";

const runCount = 5;
const stackSchema = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())) });
const peakProgram = fileURLToPath(new URL("programs/peak.cjs", import.meta.url));

/** Measures wall time and peak memory of `npm run synth`, npm included, first with a configuration that is not compiled yet. */
export const benchSynth = async (): Promise<readonly BenchResult[]> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-synth-bench-"));
  const synth = async () => {
    const peaksFolder = join(folder, "peaks");
    await rm(peaksFolder, { recursive: true, force: true });
    await mkdir(peaksFolder);
    const { wallSeconds } = await measure(["npm", "run", "--silent", "synth"], {
      env: {
        ...process.env,
        CDKTF_OUTDIR: join(folder, "out"),
        NODE_OPTIONS: `--require=${peakProgram}`,
        REELWAY_PEAKS: peaksFolder,
      },
    });
    const bytes = await Promise.all(
      (await readdir(peaksFolder)).map(async (name) =>
        Number(await readFile(join(peaksFolder, name), "utf8")),
      ),
    );
    return { wallSeconds, megabytes: Math.max(...bytes) / 1e6 };
  };
  try {
    await rm(".reelway/bundles", { recursive: true, force: true });
    const cold = await synth();
    const warm = [];
    for (let run = 0; run < runCount; run += 1) warm.push(await synth());
    const resources = await countResources(join(folder, "out"));
    return [
      { name: "synth: resources of all stages", value: resources, unit: "resources" },
      { name: "synth: first run", value: cold.wallSeconds, unit: "s" },
      { name: "synth: first run, peak memory", value: cold.megabytes, unit: "MB" },
      {
        name: "synth: later runs",
        value: median(warm.map(({ wallSeconds }) => wallSeconds)),
        unit: "s",
        target: { atMost: 2 },
      },
      {
        name: "synth: later runs, peak memory",
        value: Math.max(...warm.map(({ megabytes }) => megabytes)),
        unit: "MB",
        target: { atMost: 200 },
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const countResources = async (outdir: string): Promise<number> => {
  let count = 0;
  for (const stack of await readdir(join(outdir, "stacks"))) {
    const text = await readFile(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
    const { resource } = stackSchema.parse(JSON.parse(text));
    count += Object.values(resource).reduce((sum, resources) => sum + Object.keys(resources).length, 0);
  }
  return count;
};
