import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { packageDirectory } from "../../build/package-directory.ts";
import { bin } from "../e2e/program.ts";
import { listResources, parseStack } from "./synthesise.ts";

describe("an app that adds a stack of its own", () => {
  let outdir: string;
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [bin, ...args], {
      cwd: join(packageDirectory, "examples/own-stack"),
      env: { ...process.env, CDKTF_OUTDIR: outdir, REELWAY_BUNDLES: join(outdir, "bundles") },
    });
  before(async () => {
    outdir = await mkdtemp(join(tmpdir(), "reelway-own-stack-"));
    await run("synth");
  });
  after(() => rm(outdir, { recursive: true, force: true }));

  it("has it in a state of its own, subscribed to the topic of finished jobs", async () => {
    const stack = parseStack(await readFile(join(outdir, "stacks/dev-catalog/cdk.tf.json"), "utf8"));

    expect(stack.terraform.backend.s3).to.include({
      bucket: "lectures-dev-state",
      key: "dev/catalog.tfstate",
    });
    const [subscription] = listResources(stack, "aws_sns_topic_subscription");
    expect(subscription?.topic_arn).to.match(/^arn:aws:sns:eu-central-1:.*:lectures-dev-finished-jobs$/);
    expect(listResources(stack, "aws_sqs_queue").map(({ name }) => name)).to.have.members([
      "lectures-dev-catalog",
      "lectures-dev-catalog-dlq",
    ]);
  });

  it("has no function on-output if no route makes thumbnails", async () => {
    const routing = parseStack(await readFile(join(outdir, "stacks/dev-routing/cdk.tf.json"), "utf8"));

    expect(
      listResources(routing, "aws_lambda_function").map(({ function_name: name }) => name),
    ).to.have.members(["router", "job-events", "reconciler", "sweep"].map((name) => `lectures-dev-${name}`));
  });

  it("is checked by the policy, and applied after Reelway's stacks", async () => {
    const { stdout } = await run("policy", "--outdir", outdir);
    const manifest = JSON.parse(await readFile(join(outdir, "manifest.json"), "utf8"));

    expect(stdout).to.include(" 0 violations");
    expect(manifest.stacks["dev-catalog"].dependencies).to.include("dev-routing");
  });
});
