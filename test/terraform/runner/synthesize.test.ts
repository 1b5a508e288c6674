import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SynthError, synthesize } from "../../../terraform/runner/synthesize.ts";

describe("synthesizing for a command", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-synthesize-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("fails with the configuration's problems, without a stack trace", async () => {
    const configuration = join(folder, "mine.config.ts");
    await writeFile(configuration, 'export default { project: "mine", stages: { dev: {} }, routes: [] };\n');

    const failed = await synthesize({
      CDKTF_OUTDIR: join(folder, "out"),
      REELWAY_CONFIG: configuration,
    }).catch((cause: unknown) => cause);

    expect(failed).to.be.instanceOf(SynthError);
    if (!(failed instanceof SynthError)) return;
    expect(failed.message)
      .to.match(/stages\.dev/)
      .and.not.match(/^\s+at |node_modules|node:internal/m);
    expect(await readdir(folder)).not.to.include("cdktf.out");
  });

  it("names a missing configuration file", async () => {
    const failed = await synthesize({
      CDKTF_OUTDIR: join(folder, "out"),
      REELWAY_CONFIG: join(folder, "missing.config.ts"),
    }).catch((cause: unknown) => cause);

    expect(failed).to.be.instanceOf(SynthError).with.property("message").that.includes("missing.config.ts");
  });
});
