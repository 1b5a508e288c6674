import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  checkTerraform,
  runTerraform,
  TerraformUnavailableError,
} from "../../../terraform/runner/terraform-process.ts";

describe("the terraform process", () => {
  let folder: string;
  const path = process.env.PATH;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-terraform-"));
    process.env.PATH = `${folder}:${path}`;
  });
  afterEach(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true, force: true });
  });

  const write = (script: string) =>
    writeFile(join(folder, "terraform"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (cause: unknown) => cause,
    );

  it("is requested if it is not installed", async () => {
    process.env.PATH = folder;

    const failed = await failure(checkTerraform(folder));

    expect(failed)
      .to.be.instanceOf(TerraformUnavailableError)
      .with.property("message")
      .that.includes("terraform was not found on PATH");
  });

  for (const [version, works] of [
    ["1.10.5", false],
    ["0.15.0", false],
    ["1.11.0", true],
    ["1.12.0-beta1", true],
    ["2.0.0", true],
  ] as const)
    it(`${works ? "works" : "is too old"} with version ${version}`, async () => {
      await write(`echo '{"terraform_version":"${version}"}'`);

      const failed = await failure(checkTerraform(folder));

      expect(failed instanceof TerraformUnavailableError).to.equal(!works);
      if (!works) expect(failed).to.have.property("message").that.includes(version);
    });

  it("receives one SIGINT, and none from the terminal's process group", async () => {
    await write("trap 'echo asked; exit 3' INT\necho ready\nwhile :; do sleep 0.05; done");
    const stop = new AbortController();
    const lines: string[] = [];

    const { exitCode } = await runTerraform({
      directory: folder,
      args: ["apply"],
      signal: stop.signal,
      onLine: (line) => {
        lines.push(line);
        if (line === "ready") stop.abort();
      },
    });

    expect(exitCode).to.equal(3);
    expect(lines).to.deep.equal(["ready", "asked"]);
  });

  it("inherits this process's environment, with additional variables", async () => {
    await write('echo "$HOME $TF_VAR_worker_image $TF_IN_AUTOMATION $CHECKPOINT_DISABLE"');

    const { stdout } = await runTerraform({
      directory: folder,
      args: ["plan"],
      environment: { TF_VAR_worker_image: "image" },
    });

    expect(stdout.trim()).to.equal(`${process.env.HOME} image 1 1`);
  });
});
