import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { listAddresses, parseStack, type SynthesizedStack } from "../synth/synthesize.ts";
import { npm, packArchive, repackArchive, run } from "./package-archive.ts";

const imageSchema = z.looseObject({
  before: z.object({ contextHash: z.string(), digest: z.string() }),
  after: z.object({ contextHash: z.string(), digest: z.string() }),
});
const initSchema = z.looseObject({ files: z.array(z.object({ path: z.string(), status: z.string() })) });
const failureSchema = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const versionSchema = z.looseObject({ version: z.string() });

const digest = `sha256:${"5e".repeat(32)}`;
/** What the team adds to the configuration: a stage, task sizes and a route. */
const additions = [
  [
    /^ {2}routes: \[\n/m,
    `  taskSizes: { ladder: { cpu: 8192, memory: 16384 } },
  routes: [
    {
      name: "previews",
      prefix: "previews/",
      extensions: ["mp4"],
      engine: "ffmpeg",
      recipe: { name: "thumbnail", at: { seconds: 1 } },
      outputs: ["previews/{path}{name}.png"],
    },
`,
  ],
  [
    /^ {2}\},\n(?= {2}\/\/ Your own code)/m,
    `    test: { inputBucket: "film-test-in", outputBucket: "film-test-out", region: "eu-west-1" },
  },
`,
  ],
] as const;

/** Physical names that a stack sets, by address and attribute. */
const listNames = ({ resource }: SynthesizedStack) =>
  Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, attributes]) =>
      Object.entries(attributes)
        .filter(([attribute]) => /^(name|bucket|family|alias|.*_name|.*_identifier)$/.test(attribute))
        .map(([attribute, value]) => [`${type}.${name}.${attribute}`, value]),
    ),
  );

describe("an upgrade", function () {
  this.timeout(300_000);
  let folder: string;
  let project: string;
  let archivePath: string;
  let stacksBefore: Awaited<ReturnType<typeof synthesize>>;

  const reelway = (...args: readonly string[]) =>
    run(project, join(project, "node_modules/.bin/reelway"), args);
  const read = (path: string) => readFile(join(project, path), "utf8");
  const replace = async (path: string, pattern: RegExp, replacement: string) => {
    const text = await read(path);
    expect(text).to.match(pattern);
    await writeFile(join(project, path), text.replace(pattern, replacement));
  };
  /** Every file of the project that a team commits, by path. */
  const readFiles = async () => {
    const isCommitted = (path: string) => !/^(node_modules|cdktf\.out|\.reelway)\//.test(path);
    const entries = await readdir(project, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(project, join(parentPath, name)))
      .filter(isCommitted);
    return Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path, await read(path)] as const)),
    );
  };
  const listStatuses = async (...args: readonly string[]) => {
    const { files } = initSchema.parse(JSON.parse(await reelway("init", "--json", ...args)));
    return Object.fromEntries(files.map(({ path, status }) => [path, status]));
  };
  const synthesize = async () => {
    await reelway("synth");
    const names = (await readdir(join(project, "cdktf.out/stacks"))).sort();
    const read = async (name: string) => {
      const stack = parseStack(
        await readFile(join(project, "cdktf.out/stacks", name, "cdk.tf.json"), "utf8"),
      );
      return [
        name,
        {
          addresses: listAddresses(stack),
          names: Object.fromEntries(listNames(stack)),
          state: stack.terraform.backend.s3,
        },
      ] as const;
    };
    return Object.fromEntries(await Promise.all(names.map(read)));
  };
  const readInstalledVersion = async (name: string) =>
    versionSchema.parse(JSON.parse(await read(`node_modules/${name}/package.json`))).version;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-upgrade-"));
    project = join(folder, "film");
    await mkdir(project);
    const archive = await packArchive(folder);
    archivePath = archive.path;
    const previous = await repackArchive(archive, folder, async (directory) => {
      const manifestPath = join(directory, "package.json");
      const manifest = JSON.parse(await readFile(manifestPath, "utf8"));
      manifest.version = "0.1.9";
      manifest.devDependencies.constructs = "10.7.1";
      await writeFile(manifestPath, JSON.stringify(manifest));
      await appendFile(join(directory, ".github/workflows/drift.yml"), "# of the previous version\n");
      await appendFile(join(directory, "dist/worker/worker.cjs"), "\n");
    });
    await npm(project, "install", previous.path);
    await reelway("init", "--yes");
    await npm(project, "install");
    for (const [pattern, text] of additions) await replace("reelway.config.ts", pattern, text);
    await replace("image.json", /null/, `"${digest}"`);
    await appendFile(join(project, ".github/workflows/plan.yml"), "# of the team\n");
    stacksBefore = await synthesize();
    await npm(project, "install", archivePath);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("starts with the previous version and a project that has changed", async () => {
    expect(Object.keys(stacksBefore)).to.include.members(["dev-routing", "test-routing", "prod-storage"]);
    expect(stacksBefore["test-storage"]?.names).to.satisfy((names: object) =>
      Object.values(names).includes("film-test-in"),
    );
    expect(await readInstalledVersion("reelway")).to.not.equal("0.1.9");
    expect(await readInstalledVersion("constructs")).to.equal("10.7.1");
  });

  it("shows each difference and writes nothing", async () => {
    const files = await readFiles();

    const text = await reelway("init");

    expect(await readFiles()).to.deep.equal(files);
    expect(text)
      .to.include('-    "constructs": "10.7.1"')
      .and.to.include('+    "constructs": "10.7.2"')
      .and.to.include("--- a/.github/workflows/drift.yml\n+++ b/.github/workflows/drift.yml\n@@ ")
      .and.to.include("\n-# of the previous version\n")
      .and.to.include("\n-# of the team\n")
      .and.to.match(/^-.*"contextHash": "[0-9a-f]{64}"\n\+.*"contextHash": "[0-9a-f]{64}"$/m)
      .and.to.include("npx reelway init --write   # update the 4 files as shown");
    expect(await listStatuses()).to.deep.equal({
      "package.json": "differs",
      "reelway.config.ts": "kept",
      "main.ts": "unchanged",
      "cdktf.json": "unchanged",
      "image.json": "differs",
      "hooks/on-output.ts": "unchanged",
      ".github/workflows/plan.yml": "differs",
      ".github/workflows/deploy.yml": "unchanged",
      ".github/workflows/deploy-stage.yml": "unchanged",
      ".github/workflows/drift.yml": "differs",
      "tsconfig.json": "unchanged",
      ".gitignore": "unchanged",
      "README.md": "unchanged",
    });
    expect(await readFiles()).to.deep.equal(files);
  });

  it("lists the mistakes of a configuration that the new version rejects, and writes nothing", async () => {
    const configuration = await read("reelway.config.ts");
    await replace("reelway.config.ts", /^ {2}taskSizes: /m, "  retiredOption: true,\n  taskSizes: ");
    await replace("reelway.config.ts", /seconds: 1 \}/, "minutes: 1 }");
    const files = await readFiles();

    for (const args of [["init"], ["init", "--write"]]) {
      const failure = failureSchema.parse(await reelway(...args).catch((cause: unknown) => cause));

      expect(failure).to.include({ code: 1, stdout: "" });
      expect(failure.stderr)
        .to.include('\n  - Unrecognized key: "retiredOption"\n')
        .and.to.include('\n  - route "previews", recipe.at: ');
    }

    expect(await readFiles()).to.deep.equal(files);
    await writeFile(join(project, "reelway.config.ts"), configuration);
  });

  it("writes the differences with --write, and keeps the configuration", async () => {
    const configuration = await read("reelway.config.ts");

    const statuses = await listStatuses("--write");
    await npm(project, "install");

    expect(Object.keys(statuses).filter((path) => statuses[path] === "updated")).to.deep.equal([
      "package.json",
      "image.json",
      ".github/workflows/plan.yml",
      ".github/workflows/drift.yml",
    ]);
    expect(await read("reelway.config.ts")).to.equal(configuration);
    expect(await read(".github/workflows/plan.yml")).to.equal(
      await read("node_modules/reelway/.github/workflows/plan.yml"),
    );
    expect(await readInstalledVersion("constructs")).to.equal("10.7.2");
    expect(Object.values(await listStatuses())).to.have.members([
      ...Array<string>(12).fill("unchanged"),
      "kept",
    ]);
  });

  it("keeps the addresses and names of all resources, and the states of all stacks", async () => {
    expect(await synthesize()).to.deep.equal(stacksBefore);
  });

  it("has the new sources of the image and keeps its digest until the image is built", async () => {
    const { before, after } = imageSchema.parse(JSON.parse(await reelway("image", "--json")));

    const { contextHash } = JSON.parse(await read("node_modules/reelway/image.json"));
    expect(after).to.include({ contextHash, digest });
    expect(before).to.deep.equal(after);
  });
});
