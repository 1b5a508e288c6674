import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { importModule } from "../../build/import-module.ts";
import { packageDirectory } from "../../build/package-directory.ts";

describe("importModule", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-module-"));
    path = join(folder, "reelway.config.ts");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);

  it("imports TypeScript with its neighbours and packages, and follows a change of either", async () => {
    await write("stages.ts", "export const stages: readonly string[] = ['dev'];\n");
    await write(
      "reelway.config.ts",
      `import { stages } from "./stages.ts";
import { defineConfig } from ${JSON.stringify(join(packageDirectory, "pipeline/configuration/schema.ts"))};
export default { stages, defineConfig: typeof defineConfig, url: import.meta.url };
`,
    );
    const expected = { defineConfig: "function", url: new URL(`file://${path}`).href };
    expect((await importModule(path)).default).to.deep.equal({ ...expected, stages: ["dev"] });

    await write("stages.ts", "export const stages: readonly string[] = ['dev', 'prod'];\n");

    expect((await importModule(path)).default).to.deep.equal({ ...expected, stages: ["dev", "prod"] });
  });

  it("names the file and line of a syntax error, and a package that is not installed", async () => {
    const reject = async (text: string) => {
      await write("reelway.config.ts", text);
      return importModule(path).then(
        () => "imported",
        (cause: unknown) => String(cause),
      );
    };

    expect(await reject("export default {\n  stage: ,\n};\n")).to.match(/reelway\.config\.ts:2:9: ERROR: /);
    expect(await reject('import "no-such-package";\n')).to.include('Could not resolve "no-such-package"');
  });
});
