import { expect } from "chai";
import pLimit from "p-limit";
import { type MediaPrograms, withRememberedProbes } from "../../e2e/media-programs.ts";
import type { MediaInput } from "../inputs/media-input.ts";
import type { ConformanceRow } from "./check.ts";
import { openSources } from "./open-sources.ts";
import { listCases, runCase } from "./run-suite.ts";
import { renderRows } from "./table.ts";

/** Measures what each recipe makes of each input with each build, two jobs at a time. */
export const describeConformance = (
  builds: readonly MediaPrograms[],
  inputs: readonly MediaInput[],
): void => {
  describe("media conformance", function () {
    this.timeout(120_000);
    const cases = builds.flatMap((build) => {
      const programs = withRememberedProbes(build);
      return listCases(inputs).map((suiteCase) => ({ programs, suiteCase }));
    });
    let sources: Awaited<ReturnType<typeof openSources>>;
    let results: readonly Promise<readonly ConformanceRow[]>[] = [];
    before(async () => {
      sources = await openSources(inputs);
      const limit = pLimit(2);
      results = cases.map(({ programs, suiteCase }) => limit(() => runCase(programs, sources, suiteCase)));
      // Each test waits for its own.
      for (const result of results) result.catch(() => undefined);
    });
    after(async () => {
      await Promise.allSettled(results);
      await sources.close();
    });

    for (const [index, { programs, suiteCase }] of cases.entries())
      it(`${suiteCase.recipe.name} of ${suiteCase.input.name} with ${programs.build}`, async () => {
        const rows = (await results[index]) ?? [];
        expect(rows).to.have.length.above(0);
        const failing = rows.filter((row) => !row.isPass);
        expect(failing, `\n${renderRows(failing)}`).to.deep.equal([]);
      });
  });
};
