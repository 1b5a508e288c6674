import { execFile } from "node:child_process";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import product from "../../reelway.config.ts";

/** The output and exit code of synth for a configuration. */
const synthesize = async (directory: string, configuration: unknown) => {
  const file = join(directory, "mistaken.config.mjs");
  await writeFile(file, `export default ${JSON.stringify(configuration)};\n`);
  const env = { ...process.env, REELWAY_CONFIG: file, CDKTF_OUTDIR: join(directory, "out") };
  return new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, ["cli/bin.js", "synth"], { env }, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    );
  });
};

const wasWritten = (directory: string): Promise<boolean> =>
  access(join(directory, "out", "manifest.json")).then(
    () => true,
    () => false,
  );

describe("synth of an invalid configuration", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "reelway-mistakes-test-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("names an output that would trigger a route and overlapping routes, and writes no stack", async function () {
    this.timeout(60_000);
    const [first] = product.routes;
    if (first === undefined) throw new Error("The product's configuration has no routes.");
    const { code, stderr } = await synthesize(directory, {
      ...product,
      stages: { dev: { inputBucket: "films", outputBucket: "films", region: "us-east-1" } },
      routes: [...product.routes, { ...first, name: "again", extensions: ["mkv"] }],
    });

    expect(code).to.equal(1);
    expect(stderr.trimEnd().split("\n")).to.deep.equal([
      "reelway: The configuration (reelway.config.ts, or the file in REELWAY_CONFIG) is not valid:",
      '  - route "again", extensions: "mkv" under prefix "thumbnails/" is already used by route "thumbnails"',
      '  - stage "dev", outputBucket: is also its input bucket (films), so an output would trigger route "web", e.g. watermarked/name.mp4.mp4 of route "watermarks"',
    ]);
    expect(await wasWritten(directory)).to.equal(false);
  });

  it("names a hook that does not export its function, and writes no stack", async function () {
    this.timeout(60_000);
    const path = "./test/synth/hooks/on-output.ts";
    const { code, stderr } = await synthesize(directory, { ...product, hooks: { onJobFinished: path } });

    expect(code, stderr).to.equal(1);
    expect(stderr.trimEnd().split("\n"), stderr).to.have.length(1);
    expect(stderr)
      .to.include(`reelway: The hook ${path} (hooks.onJobFinished in the configuration) cannot be used: `)
      .and.to.include('No matching export in "test/synth/hooks/on-output.ts" for import "onJobFinished"')
      .and.to.include("the file must export a function named onJobFinished");
    expect(await wasWritten(directory)).to.equal(false);
  });
});
