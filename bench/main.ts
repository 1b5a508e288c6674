import Table from "cli-table3";
import { benchBundles } from "./bundles.ts";
import { openBenchEnvironment } from "./environment.ts";
import { benchHighlights } from "./highlights.ts";
import { benchJobList, benchVideoSearch } from "./job-list.ts";
import { benchLadder, benchThumbnail, benchWorker } from "./media.ts";
import { benchPage } from "./page.ts";
import { type BenchResult, isTargetMet } from "./result.ts";
import { benchRouting } from "./routing.ts";
import { benchStartup } from "./startup.ts";
import { benchSynth } from "./synth.ts";
import { benchTranscoder } from "./transcoder.ts";
import { benchUpload } from "./upload.ts";
import { benchWriteUnits } from "./write-units.ts";

const json = process.argv.includes("--json");
/** Names of the benchmarks to run; empty for all. */
const selectedNames = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const environment = await openBenchEnvironment();
const results: BenchResult[] = [];
try {
  const benchmarks: Readonly<Record<string, () => Promise<readonly BenchResult[]>>> = {
    startup: benchStartup,
    routing: benchRouting,
    transcoder: benchTranscoder,
    "write-units": benchWriteUnits,
    jobs: benchJobList,
    videos: benchVideoSearch,
    upload: benchUpload,
    page: benchPage,
    bundles: benchBundles,
    synth: benchSynth,
    worker: () => benchWorker(environment),
    thumbnail: () => benchThumbnail(environment),
    ladder: () => benchLadder(environment),
    highlights: () => benchHighlights(environment),
  };
  const unknownName = selectedNames.find((name) => !(name in benchmarks));
  if (unknownName !== undefined)
    throw new Error(
      `Benchmark ${unknownName} does not exist. Available benchmarks: ${Object.keys(benchmarks).join(", ")}.`,
    );
  for (const [name, runBenchmark] of Object.entries(benchmarks))
    if (selectedNames.length === 0 || selectedNames.includes(name)) results.push(...(await runBenchmark()));
} finally {
  await environment.close();
}

if (json)
  console.log(JSON.stringify({ results: results.map((one) => ({ ...one, reached: isTargetMet(one) })) }));
else {
  const table = new Table({
    head: ["Benchmark", "Measured", "Target", "Result"],
    style: { head: [], border: [] },
  });
  for (const result of results) {
    const target = result.target === undefined ? "" : `≤ ${result.target.atMost} ${result.unit}`;
    const verdict = { true: "met", false: "MISSED", undefined: "" }[`${isTargetMet(result)}`] ?? "";
    const digits = result.value >= 100 ? 0 : 2;
    const spread = result.spread?.map((value) => value.toFixed(digits)).join("–");
    const measured = `${result.value.toFixed(digits)} ${result.unit}${spread === undefined ? "" : ` (${spread})`}`;
    table.push([result.name, measured, target, verdict]);
  }
  console.log(table.toString());
}
