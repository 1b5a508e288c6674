import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { listSharedPackages, readPackageManifest } from "../../build/package-manifest.ts";
import { reelway } from "../e2e/program.ts";

describe("reelway synth", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-synth-command-"));
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const synth = (main: string) =>
    writeFile(join(folder, "main.ts"), main).then(() => reelway(["synth"], folder));

  it("runs main.ts", async () => {
    const result = await synth(
      'import { writeFileSync } from "node:fs";\nconst text: string = "run";\nwriteFileSync("result", text);\n',
    );

    expect(result).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(await readFile(join(folder, "result"), "utf8")).to.equal("run");
  });

  it("names the folder without main.ts", async () => {
    const { code, stderr } = await reelway(["synth"], folder);

    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: `reelway: ${join(folder, "main.ts")} does not exist. Run this command in a project's folder. To create a project: npx reelway init\n`,
    });
  });

  it("names a configuration without a default export, as every command that reads it does", async () => {
    await writeFile(join(folder, "reelway.config.ts"), "export const x = 1;\n");
    const { code, stderr } = await reelway(["bootstrap", "--stage", "dev"], folder);

    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr:
        "reelway: reelway.config.ts has no default export. Export the configuration: export default defineConfig({ … })\n",
    });
  });

  it("names a package of CDKTF that is not installed, and how to install what synth needs", async () => {
    const packages = listSharedPackages(readPackageManifest());
    for (const name of Object.keys(packages)) {
      const { code, stderr } = await synth(`import ${JSON.stringify(`${name}/lib/index.js`)};\n`);

      expect(code, name).to.equal(2);
      expect(stderr).to.include(`the package ${name}, which is not installed.`);
      for (const [shared, version] of Object.entries(packages))
        expect(stderr).to.include(` ${shared}@${version}`);
    }
  });

  it("repeats the installation of packages that package.json names", async () => {
    const path = join(folder, "package.json");
    await writeFile(path, JSON.stringify({ devDependencies: { cdktf: "0.21.0" } }));
    try {
      const { code, stderr } = await synth('import "cdktf/lib/index.js";\n');

      expect(code).to.equal(2);
      expect(stderr)
        .to.include("cdktf, which package.json names")
        .and.to.match(/npm ci\n$/);
    } finally {
      await rm(path);
    }
  });

  it("reports an error of the app, and its line with --verbose", async () => {
    const missing = await synth('import "constructs-of-ours";\n');
    const thrown = await synth('type Text = string;\n\nthrow new Error("broken app" as Text);\n');
    const { stderr: trace } = await reelway(["--verbose", "synth"], folder);

    expect(missing.code).to.equal(1);
    expect(missing.stderr)
      .to.match(/^reelway: main\.ts cannot be compiled: /)
      .and.to.include('Could not resolve "constructs-of-ours"')
      .and.to.not.include("Synth needs");
    expect(thrown).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "reelway: main.ts failed: broken app\nFor the stack trace: npx reelway synth --verbose\n",
    });
    expect(trace).to.include(`${join(folder, "main.ts")}:3:7`);
  });
});
