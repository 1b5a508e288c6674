import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { type Synthesis, synthesiseWhole } from "./synthesise.ts";

const run = promisify(execFile);

describe("Terraform with the real provider", () => {
  let synthesis: Synthesis;
  before(async () => {
    synthesis = await synthesiseWhole();
  });

  for (const name of stackOrder.flatMap((stack) => ["dev", "live"].map((stage) => `${stage}-${stack}`)))
    it(`accepts ${name}`, async () => {
      const cwd = join(synthesis.directory, "stacks", name);
      const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
      await run("terraform", ["init", "-backend=false", "-input=false", "-no-color"], { cwd, env });

      const { stdout } = await run("terraform", ["validate", "-json"], { cwd, env }).catch(
        (failed: { stdout: string }) => failed,
      );

      const report = z
        .looseObject({ valid: z.boolean(), diagnostics: z.array(z.unknown()) })
        .parse(JSON.parse(stdout));
      expect(report.diagnostics).to.deep.equal([]);
      expect(report.valid).to.equal(true);
    });
});
