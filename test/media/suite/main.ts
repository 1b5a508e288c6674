import { parseArgs } from "node:util";
import pLimit from "p-limit";
import {
  debianPrograms,
  packagedPrograms,
  programsIn,
  withRememberedProbes,
} from "../../e2e/media-programs.ts";
import { allInputs } from "../inputs/all-inputs.ts";
import type { ConformanceRow } from "./check.ts";
import { openSources } from "./open-sources.ts";
import { listCases, runCase } from "./run-suite.ts";
import { renderRows, summarizeRows } from "./table.ts";

// `npm run conformance`: measures what every recipe makes of every input, and prints a table.
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    recipe: { type: "string", multiple: true },
    build: { type: "string" },
    // Folder of another ffmpeg and ffprobe, e.g. of a newer release.
    programs: { type: "string" },
    json: { type: "boolean", default: false },
    failures: { type: "boolean", default: false },
  },
});
const { programs: folder } = values;
const builds =
  folder === undefined
    ? { packaged: packagedPrograms, debian: debianPrograms }
    : { [folder]: () => programsIn(`ffmpeg in ${folder}`, folder) };
const selected = Object.entries(builds).filter(([name]) => (values.build ?? name) === name);
if (selected.length === 0)
  throw new Error(`There is no build "${values.build}": there are packaged and debian.`);
const isSelected = (wanted: readonly string[] | undefined, name: string): boolean =>
  wanted === undefined || wanted.some((part) => name.includes(part));
const inputs = allInputs.filter(({ name }) => isSelected(values.only, name));
if (inputs.length === 0) throw new Error(`No input has "${values.only}" in its name.`);

const sources = await openSources(inputs);
try {
  const limit = pLimit(2);
  const cases = listCases(inputs).filter(({ recipe }) => isSelected(values.recipe, recipe.name));
  const runs = selected.flatMap(([, open]) => {
    const programs = withRememberedProbes(open());
    return cases.map((suiteCase) => limit(() => runCase(programs, sources, suiteCase)));
  });
  const rows = (await Promise.all(runs)).flat();
  const shown: readonly ConformanceRow[] = values.failures ? rows.filter(({ isPass }) => !isPass) : rows;
  process.stdout.write(values.json ? `${JSON.stringify(shown, null, 2)}\n` : renderRows(shown));
  process.stderr.write(`${summarizeRows(rows)}\n`);
  process.exitCode = rows.every(({ isPass }) => isPass) ? 0 : 1;
} finally {
  await sources.close();
}
