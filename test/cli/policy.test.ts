import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { bin } from "../e2e/program.ts";

interface CommandResult {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}
const reelway = (...args: readonly string[]): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
const violation = z.object({
  rule: z.string(),
  address: z.string(),
  description: z.string(),
  fix: z.string(),
});
const report = z.object({
  violations: z.array(violation),
  unusedWaivers: z.array(z.object({ rule: z.string() })),
});

describe("reelway policy", function () {
  this.timeout(60_000);
  let outdir: string;
  const synthesized = async (stack: string, resource: unknown): Promise<void> => {
    const workingDirectory = `stacks/${stack}`;
    await mkdir(join(outdir, workingDirectory), { recursive: true });
    await writeFile(join(outdir, workingDirectory, "cdk.tf.json"), JSON.stringify({ resource }));
    await writeFile(
      join(outdir, "manifest.json"),
      JSON.stringify({ stacks: { [stack]: { name: stack, workingDirectory, dependencies: [] } } }),
    );
  };

  beforeEach(async () => {
    outdir = await mkdtemp(join(tmpdir(), "reelway-policy-test-"));
  });
  afterEach(() => rm(outdir, { recursive: true, force: true }));

  it("prints one JSON document with the violations and exits with 1", async () => {
    await synthesized("dev-storage", { aws_kms_key: { films: { policy: "{}" } } });

    const { code, stdout } = await reelway("policy", "--outdir", outdir, "--json");

    expect(code).to.equal(1);
    expect(report.parse(JSON.parse(stdout)).violations).to.deep.equal([
      {
        rule: "CKV_AWS_7",
        address: "dev-storage/aws_kms_key.films",
        description: "KMS keys are rotated every year.",
        fix: "Set enable_key_rotation to true.",
      },
    ]);
  });

  it("explains what to run if nothing was synthesized", async () => {
    const { code, stdout, stderr } = await reelway("policy", "--outdir", outdir);

    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.match(/^reelway: .*manifest\.json cannot be read\. .*npm run synth\n$/);
  });

  it("reports that the stage has no stack", async () => {
    await synthesized("dev-storage", {});

    const { code, stderr } = await reelway("policy", "--outdir", outdir, "--stage", "prod");

    expect(code).to.equal(1);
    expect(stderr).to.match(/^reelway: .* contains no stack of stage prod\. .*\n$/);
  });
});
