import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { importModule } from "../../build/import-module.ts";
import { packageDirectory } from "../../build/package-directory.ts";

describe("importModule", () => {
  let folder: string;
  let path: string;
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-module-"));
    path = join(folder, "reelway.config.ts");
    await write("package.json", "{}");
    await write("stages.ts", "export const stages: readonly string[] = ['dev'];\n");
    await write(
      "reelway.config.ts",
      `import { stages } from "./stages.ts";
import { defineConfig } from ${JSON.stringify(join(packageDirectory, "pipeline/configuration/schema.ts"))};
export default { stages, defineConfig: typeof defineConfig, url: import.meta.url };
`,
    );
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const readStages = async (): Promise<unknown> => {
    const { default: value } = await importModule(path);
    expect(value).to.include({ defineConfig: "function", url: new URL(`file://${path}`).href });
    return Object(value).stages;
  };
  /** Imports in a process that cannot start esbuild: its executable does not speak esbuild's protocol. */
  const importWithoutEsbuild = async (): Promise<string> => {
    const module = new URL(`file://${join(packageDirectory, "dist/build/import-module.js")}`).href;
    const program = `const { importModule } = await import(${JSON.stringify(module)});
      console.log((await importModule(${JSON.stringify(path)})).default.stages.join());`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, ESBUILD_BINARY_PATH: process.execPath },
    });
    return stdout.trimEnd();
  };
  const bundles = () => join(folder, ".reelway/bundles");
  const findOutput = async (): Promise<string> =>
    join(bundles(), (await readdir(bundles())).find((name) => name.endsWith(".mjs")) ?? "");
  /** Imports until the module is cached: files that were written a moment ago may change within the same file time. */
  const importUntilCached = async (): Promise<void> => {
    do await readStages();
    while (!(await readdir(bundles())).some((name) => name.endsWith(".json")));
  };

  it("imports TypeScript with its neighbors and packages, and follows a change of either", async () => {
    expect(await readStages()).to.deep.equal(["dev"]);

    await write("stages.ts", "export const stages: readonly string[] = ['dev', 'prod'];\n");

    expect(await readStages()).to.deep.equal(["dev", "prod"]);
  });

  it("needs no esbuild while no file has changed", async () => {
    expect(await importWithoutEsbuild().catch(String)).to.include("The service was stopped");
    await importUntilCached();

    expect(await importWithoutEsbuild()).to.equal("dev");
  });

  it("compiles again if the compiled module is damaged", async () => {
    await importUntilCached();
    const output = await findOutput();
    const original = await readFile(output);
    await writeFile(output, original.subarray(1));

    expect(await importWithoutEsbuild().catch(String)).to.include("The service was stopped");
    await readStages();
    expect((await readFile(output)).equals(original)).to.equal(true);
  });

  it("names the folder if it cannot be written", async () => {
    await write(".reelway", "a file where the folder should be");

    const failure = await importModule(path).then(() => "imported", String);

    expect(failure).to.include(`${bundles()} is not writable: `);
  });

  it("names the file and line of a syntax error, and a package that is not installed", async () => {
    const reject = async (text: string) => {
      await write("reelway.config.ts", text);
      return importModule(path).then(() => "imported", String);
    };

    expect(await reject("export default {\n  stage: ,\n};\n")).to.match(/reelway\.config\.ts:2:9: ERROR: /);
    expect(await reject('import "no-such-package";\n')).to.include('Could not resolve "no-such-package"');
  });
});
