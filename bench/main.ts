import Table from "cli-table3";
import { benchBundles } from "./bundles.ts";
import { openMachine } from "./machine.ts";
import { benchLadder, benchThumbnail, benchWorker } from "./media.ts";
import { type BenchResult, reached } from "./result.ts";
import { benchRouting } from "./routing.ts";
import { benchSynth } from "./synth.ts";
import { benchTranscoder } from "./transcoder.ts";

const json = process.argv.includes("--json");
/** Parts by name; all where none is named. */
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const machine = await openMachine();
const results: BenchResult[] = [];
try {
  const parts: Readonly<Record<string, () => Promise<readonly BenchResult[]>>> = {
    routing: benchRouting,
    transcoder: benchTranscoder,
    bundles: benchBundles,
    synth: benchSynth,
    worker: () => benchWorker(machine),
    thumbnail: () => benchThumbnail(machine),
    ladder: () => benchLadder(machine),
  };
  const unknown = wanted.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`There is no part ${unknown}; there are ${Object.keys(parts).join(", ")}.`);
  for (const [name, part] of Object.entries(parts))
    if (wanted.length === 0 || wanted.includes(name)) results.push(...(await part()));
} finally {
  await machine.close();
}

if (json) console.log(JSON.stringify({ results: results.map((one) => ({ ...one, reached: reached(one) })) }));
else {
  const table = new Table({ head: ["What", "Measured", "Target", ""], style: { head: [], border: [] } });
  for (const result of results) {
    const goal = result.target === undefined ? "" : `≤ ${result.target.atMost} ${result.unit}`;
    const verdict = { true: "reached", false: "MISSED", undefined: "" }[`${reached(result)}`] ?? "";
    const digits = result.value >= 100 ? 0 : 2;
    const spread = result.spread?.map((value) => value.toFixed(digits)).join("–");
    const measured = `${result.value.toFixed(digits)} ${result.unit}${spread === undefined ? "" : ` (${spread})`}`;
    table.push([result.name, measured, goal, verdict]);
  }
  console.log(table.toString());
}
