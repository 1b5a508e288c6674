import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { expect } from "chai";
import * as z from "zod";
import { bin, type CommandResult } from "../e2e/program.ts";
import { sharedFolder } from "../shared-folder.ts";
import {
  answerCaller,
  answerError,
  answerJson,
  notFound,
  openScriptedAccount,
  type ScriptedAccount,
} from "../terraform/doctor/scripted-account.ts";

/** A young account of AWS. */
const answers = {
  GetCallerIdentity: answerCaller(),
  HeadObject: notFound,
  HeadBucket: notFound,
  GetAccountSettings: answerJson({
    AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
  }),
  GetFunctionConcurrency: answerError("ResourceNotFoundException", 404),
  GetServiceQuota: answerJson({ Quota: { Value: 6 } }),
};
const documentSchema = z.object({ checks: z.array(z.object({ name: z.string(), status: z.string() })) });

describe("the checks of a stage", function () {
  // Each command synthesizes the stacks.
  this.timeout(60_000);

  const outdir = sharedFolder("doctor-stage");
  let account: ScriptedAccount;
  beforeEach(async () => {
    account = await openScriptedAccount(answers);
  });
  afterEach(() => account.stop());

  /** Runs a command against the account, on a machine with neither Terraform nor a container engine. */
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    new Promise((resolve) => {
      const env = {
        PATH: "/nonexistent",
        TMPDIR: tmpdir(),
        AWS_ACCESS_KEY_ID: "AKIATEST",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL: account.endpoint,
        CDKTF_OUTDIR: outdir,
      };
      execFile(process.execPath, [bin, ...args, "--stage", "dev"], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });

  it("are printed by doctor --stage, for people and for programs", async () => {
    const { code, stdout } = await run("doctor");

    expect(code).to.equal(1);
    expect(stdout).to.match(/✖ terraform +terraform was not found on PATH/);
    expect(stdout).to.match(/✖ lambda concurrency .* reserve \d+ more .*\n +→ Set reserveConcurrency: false/);
    expect(stdout).to.match(/! fargate quota +6 vCPUs of the account run 3 transcode tasks/);
    expect(stdout).to.match(/✖ image .*no container engine/);

    const { checks } = documentSchema.parse(JSON.parse((await run("doctor", "--json")).stdout));
    expect(checks.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      "terraform failure",
      "credentials ok",
      "region ok",
      "bootstrap warning",
      "buckets ok",
      "lambda concurrency failure",
      "fargate quota warning",
      "image failure",
    ]);
  });

  it("stop deploy before it changes anything", async () => {
    const { code, stdout, stderr } = await run("deploy", "--yes");

    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr)
      .to.match(/✖ lambda concurrency .*\n +→ Set reserveConcurrency: false/)
      .and.to.include("The stage dev was not changed: 3 checks failed.");
    expect(stderr).not.to.include("✔");
  });

  it("are left out by deploy --no-doctor", async () => {
    const { code, stderr } = await run("deploy", "--yes", "--no-doctor");

    expect(code).to.equal(1);
    expect(stderr).to.include("terraform was not found on PATH").and.not.to.include("checks failed");
    expect(account.operations).to.deep.equal([]);
  });

  it("leave out the image if deploy does not use it", async () => {
    const { stderr } = await run("deploy", "--yes", "--only", "storage");

    expect(stderr).to.include("2 checks failed").and.not.to.include("container engine");
  });
});
