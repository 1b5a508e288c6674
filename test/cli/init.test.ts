import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { packageDirectory } from "../../build/package-directory.ts";
import { projectPaths } from "../../project/plan-files.ts";
import { reelway } from "../e2e/program.ts";
import { makeInstalledFolder } from "../project/installed-folder.ts";

describe("reelway init", () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    ({ parent, folder } = await makeInstalledFolder("Film Archive"));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const init = (...args: readonly string[]) => reelway(["init", ...args], folder);
  const read = (path: string) => readFile(join(folder, path), "utf8");
  const write = (path: string, text: string) => writeFile(join(folder, path), text);
  const listFiles = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .filter((path) => !path.startsWith("node_modules/") && !path.startsWith(".reelway/"))
      .sort();
  /** The status of each file, from the lines before the first empty one. */
  const parseStatuses = (stdout: string) =>
    Object.fromEntries(
      (stdout.split("\n\n")[0] ?? "").split("\n").flatMap((line) => {
        const [, status, path] = /^(\w+) +(\S+)/.exec(line) ?? [];
        return path === undefined ? [] : [[path, status]];
      }),
    );
  const withStatus = (status: string) => Object.fromEntries(projectPaths.map((path) => [path, status]));

  it("creates a project from the folder's name and names the next steps", async () => {
    const { code, stdout, stderr } = await init("--yes");

    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(parseStatuses(stdout)).to.deep.equal(withStatus("created"));
    expect(await listFiles()).to.deep.equal([...projectPaths].sort());
    expect(JSON.parse(await read("package.json")).name).to.equal("film-archive");
    expect(await read("reelway.config.ts")).to.include('inputBucket: "film-archive-prod-input"');
    for (const step of ["npm install", "npx reelway demo", "npx reelway start", "npx reelway synth"])
      expect(stdout.split("Next steps:")[1]).to.include(step);
    expect(stdout).to.match(
      /\nTo deploy a stage to AWS, with playback keys, users and tokens, see node_modules\/reelway\/docs\/aws\.md\.\n$/,
    );
  });

  it("completes the package.json of npm install, and takes the settings from options", async () => {
    await write("package.json", JSON.stringify({ dependencies: { reelway: "file:../reelway.tgz" } }));

    const { code, stdout } = await init(
      ..."--name film --stage test,live --stage dev --region eu-north-1".split(" "),
    );

    expect(code).to.equal(0);
    expect(parseStatuses(stdout)).to.deep.equal({ ...withStatus("created"), "package.json": "updated" });
    const manifest = JSON.parse(await read("package.json"));
    expect(manifest).to.deep.include({ name: "film", dependencies: { reelway: "file:../reelway.tgz" } });
    const configuration = await read("reelway.config.ts");
    const stages = configuration.matchAll(/^ {4}(\w+): \{[^}]*region: "eu-north-1",\n +network: "(\w+)"/gm);
    expect([...stages].map(([, name, network]) => `${name} ${network}`)).to.deep.equal([
      "test public",
      "live endpoints",
      "dev public",
    ]);
  });

  it("leaves a complete project unchanged, shows what differs, and writes it only with --write", async () => {
    await init("--yes", "--name", "film", "--stage", "dev");
    const second = await init();
    expect(second).to.deep.include({ code: 0, stderr: "" });
    expect(parseStatuses(second.stdout)).to.deep.equal(withStatus("unchanged"));
    expect(second.stdout).to.not.include("Next steps");

    const original = await read("cdktf.json");
    const changed = original.replace("npx reelway synth", "npm run synth");
    await write("cdktf.json", changed);
    await write("README.md", "Ours\n");
    await rm(join(folder, "main.ts"));
    const third = await init();
    expect(third.code).to.equal(0);
    expect(parseStatuses(third.stdout)).to.deep.equal({
      ...withStatus("unchanged"),
      "cdktf.json": "differs",
      "README.md": "kept",
      "main.ts": "created",
    });
    expect(third.stdout)
      .to.include("README.md (yours, unchanged by init)")
      .and.to.include("--- a/cdktf.json\n+++ b/cdktf.json\n@@ ")
      .and.to.include('\n-  "app": "npm run synth",\n+  "app": "npx reelway synth",\n')
      .and.to.include("npx reelway init --write");
    expect(await read("cdktf.json")).to.equal(changed);
    expect(await read("main.ts")).to.equal(await readFile(join(packageDirectory, "main.ts"), "utf8"));

    const fourth = await init("--write", "--json");
    expect(JSON.parse(fourth.stdout)).to.deep.equal({
      directory: folder,
      files: projectPaths.map((path) => ({
        path,
        status: path === "cdktf.json" ? "updated" : path === "README.md" ? "kept" : "unchanged",
      })),
    });
    expect(await read("cdktf.json")).to.equal(original);
    expect(await read("README.md")).to.equal("Ours\n");
  });

  it("takes the settings of an existing project from its configuration, and rejects other ones", async () => {
    await init("--yes", "--name", "film");
    await rm(join(folder, "cdktf.json"));
    expect(await init("--name", "movies")).to.deep.include({ code: 2, stdout: "" });
    expect((await init("--name", "film")).code).to.equal(0);
    expect(JSON.parse(await read("cdktf.json")).projectId).to.equal("film");
  });

  it("writes nothing without --yes if it cannot ask, and names the options", async () => {
    const { code, stderr } = await init("--name", "film");
    expect(code).to.equal(2);
    expect(stderr)
      .to.include("not a terminal")
      .and.to.include("--name, --stage and --region")
      .and.to.include("--yes");
    expect(await listFiles()).to.deep.equal([]);
  });

  for (const [args, message] of [
    [["--name", "Film"], 'Project name "Film" must be 2–16 of a–z'],
    [["--stage", "dev,Prod"], 'Stage "Prod" must be 1–12 of a–z'],
    [["--region", "europe"], 'Region "europe" must be an AWS region such as us-east-1'],
  ] as const)
    it(`rejects ${args.join(" ")}`, async () => {
      const { code, stderr } = await init("--yes", ...args);
      expect(code).to.equal(2);
      expect(stderr).to.include(message);
      expect(await listFiles()).to.deep.equal([]);
    });

  it("asks for --name if the folder's name is not usable", async () => {
    folder = join(parent, "2026");
    await mkdir(folder);
    const { code, stderr } = await init("--yes");
    expect(code).to.equal(2);
    expect(stderr).to.include('"2026"').and.to.include("--name");
  });

  it("names a file that cannot be written or read, and why", async () => {
    await symlink(join(parent, "missing"), join(folder, "hooks"));
    const unwritable = await init("--yes");
    expect(unwritable.code).to.equal(1);
    expect(unwritable.stderr).to.match(
      /^reelway: .*hooks\/on-output\.ts cannot be written: .*\(E\w+, mkdir\)/,
    );

    await rm(join(folder, "tsconfig.json"), { force: true });
    await mkdir(join(folder, "tsconfig.json"));
    const unreadable = await init("--yes");
    expect(unreadable.code).to.equal(1);
    expect(unreadable.stderr).to.match(/^reelway: .*tsconfig\.json cannot be read: .*EISDIR/);
  });

  it("refuses folders of packages and Reelway's own folder", async () => {
    for (const refused of [join(folder, "node_modules"), packageDirectory, join(packageDirectory, "docs")]) {
      const { code, stderr } = await reelway(["init", "--yes"], refused);
      expect(code, refused).to.equal(2);
      expect(stderr).to.include("Run init in a folder of your own");
    }
  });
});
