import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { importModule } from "../../build/import-module.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { renderConfiguration } from "../../project/render-configuration.ts";
import defaults from "../../reelway.config.ts";
import { makeInstalledFolder } from "./installed-folder.ts";

describe("the configuration of a new project", () => {
  let template: string;
  let installed: Awaited<ReturnType<typeof makeInstalledFolder>>;
  before(async () => {
    template = await readFile(join(packageDirectory, "reelway.config.ts"), "utf8");
    installed = await makeInstalledFolder("film");
  });
  after(() => rm(installed.parent, { recursive: true, force: true }));

  it("is Reelway's own, with another project and other stages", async () => {
    const path = join(installed.folder, "reelway.config.ts");
    const settings = { project: "film", stages: ["dev", "staging", "live2"], region: "eu-west-1" };
    await writeFile(path, renderConfiguration(template, settings));

    const configuration = parseConfiguration((await importModule(path)).default);

    const stages = Object.fromEntries(
      settings.stages.map((stage) => [
        stage,
        {
          inputBucket: `film-${stage}-input`,
          outputBucket: `film-${stage}-output`,
          region: settings.region,
          network: stage === "dev" ? ("public" as const) : ("endpoints" as const),
        },
      ]),
    );
    expect(configuration).to.deep.equal(parseConfiguration({ ...defaults, project: "film", stages }));
    expect(Object.keys(configuration.stages)).to.deep.equal(settings.stages);
  });

  it("differs from the template in the project and the stages only", () => {
    const settings = { project: "reelway", stages: ["dev", "prod"], region: "us-east-1" };
    expect(renderConfiguration(template, settings)).to.equal(template);
  });

  it("is not rendered from a template without exactly one project and one block of stages", () => {
    const settings = { project: "film", stages: ["dev"], region: "us-east-1" };
    expect(() => renderConfiguration(template.replace("  project:", "  name:"), settings)).to.throw(
      "0 times",
    );
    expect(() => renderConfiguration(`${template}${template}`, settings)).to.throw("2 times");
  });
});
