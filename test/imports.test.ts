import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";

const run = promisify(execFile);
const reportSchema = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    totalCruised: z.number(),
  }),
});

const cruise = async (...paths: string[]) => {
  const program = "node_modules/dependency-cruiser/bin/dependency-cruise.mjs";
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...paths];
  const { stdout } = await run(process.execPath, [program, ...args], { maxBuffer: 64 << 20 });
  return reportSchema.parse(JSON.parse(stdout)).summary;
};

describe("imports", () => {
  it("point in one direction, within the domain too; I/O modules and upper layers are rejected in the domain", async function () {
    this.timeout(180_000);
    const folders =
      "pipeline adapters lambdas docker terraform project runtime cli modules stacks exports build web bench main.ts reelway.config.ts";
    const file = join("pipeline", "media", "forbidden.ts");
    const folder = await mkdtemp(join("pipeline", "forbidden-"));
    try {
      await writeFile(file, 'import "../recipes/recipe.ts";\nimport "../errors/job-error.ts";\n');
      await writeFile(
        join(folder, "a.ts"),
        'import "node:fs";\nimport "@aws-sdk/client-s3";\nimport "../../adapters/aws/store-failure.ts";\n',
      );

      const { violations, totalCruised } = await cruise(...folders.split(" "));

      const found = (isMatch: (from: string) => boolean) =>
        violations
          .filter(({ from }) => isMatch(from))
          .map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
      const isImpure = (from: string) => from.startsWith(`${folder}/`);
      expect(found((from) => from !== file && !isImpure(from))).to.deep.equal([]);
      expect(found((from) => from === file)).to.deep.equal([
        "pipeline-media-imports-one-way: pipeline/media/forbidden.ts → pipeline/recipes/recipe.ts",
      ]);
      const impure = violations.filter(({ from }) => isImpure(from)).map(({ rule }) => rule.name);
      expect(impure).to.include.members(["domain-is-pure", "pipeline-imports-one-way"]);
      expect(impure.filter((name) => name === "domain-is-pure")).to.have.length.least(2);
      expect(totalCruised).to.be.above(100);
    } finally {
      await rm(file, { force: true });
      await rm(folder, { recursive: true, force: true });
    }
  });
});
