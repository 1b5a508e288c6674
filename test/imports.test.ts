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
  it("point in one direction", async function () {
    this.timeout(60_000);
    const folders =
      "pipeline adapters lambdas docker terraform runtime cli modules stacks build bench main.ts reelway.config.ts";

    const { violations, totalCruised } = await cruise(...folders.split(" "));

    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).to.deep.equal([]);
    expect(totalCruised).to.be.above(100);
  });

  it("point in one direction within the domain", async function () {
    this.timeout(60_000);
    const file = join("pipeline", "media", "forbidden.ts");
    try {
      await writeFile(file, 'import "../recipes/recipe.ts";\nimport "../errors/job-error.ts";\n');

      const { violations } = await cruise(file);

      expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).to.deep.equal([
        "pipeline-media-imports-one-way: pipeline/media/forbidden.ts → pipeline/recipes/recipe.ts",
      ]);
    } finally {
      await rm(file, { force: true });
    }
  });

  it("of I/O modules or upper layers are rejected in the domain", async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join("pipeline", "forbidden-"));
    try {
      await writeFile(
        join(folder, "a.ts"),
        'import "node:fs";\nimport "@aws-sdk/client-s3";\nimport "../../adapters/aws/store-failure.ts";\n',
      );

      const { violations } = await cruise(folder);

      expect([...new Set(violations.map(({ rule }) => rule.name))].sort()).to.include.members([
        "domain-is-pure",
        "pipeline-imports-one-way",
      ]);
      expect(violations.filter(({ rule }) => rule.name === "domain-is-pure")).to.have.length.least(2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
