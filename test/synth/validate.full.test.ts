import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";
import { type AwsProvider, listTypes, startAwsProvider } from "../apply/aws-provider.ts";
import { createOwnProject, type OwnProject, readExampleApp } from "./own-project.ts";
import { type Synthesis, synthesizeWhole, wholeStackNames } from "./synthesize.ts";

const run = promisify(execFile);

const reportSchema = z.object({ valid: z.boolean(), diagnostics: z.array(z.unknown()) });
const valid = { valid: true, diagnostics: [] };

describe("Terraform with the real provider", () => {
  const types = new Set<string>();
  let synthesis: Synthesis;
  let provider: AwsProvider;
  before(async () => {
    [synthesis, provider] = await Promise.all([synthesizeWhole(), startAwsProvider({}, types)]);
  });
  after(() => provider.close());

  /** Validates a stack's folder. */
  const validate = async (cwd: string): Promise<z.infer<typeof reportSchema>> => {
    for (const type of await listTypes([cwd])) types.add(type);
    const env = {
      ...process.env,
      ...provider.environment,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
    };
    await run("terraform", ["init", "-backend=false", "-input=false", "-no-color"], { cwd, env });
    const { stdout } = await run("terraform", ["validate", "-json"], { cwd, env }).catch(
      (failed: { stdout: string }) => failed,
    );
    return reportSchema.parse(JSON.parse(stdout));
  };

  for (const name of wholeStackNames)
    it(`accepts ${name}`, async () => {
      expect(await validate(join(synthesis.directory, "stacks", name))).to.deep.equal(valid);
    });

  describe("in a project with stacks of its own", () => {
    let project: OwnProject;
    before(async () => {
      project = await createOwnProject();
    });
    after(() => project?.remove());

    it("accepts the stack of examples/own-stack", async () => {
      await project.synth(await readExampleApp());

      expect(await validate(project.getStackFolder("dev-catalog"))).to.deep.equal(valid);
    });

    it("accepts the stack of docs/constructs.md", async () => {
      const page = await readFile(new URL("../../docs/constructs.md", import.meta.url), "utf8");
      const [, app = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
      await project.synth(app);

      expect(await validate(project.getStackFolder("dev-archive"))).to.deep.equal(valid);
    });

    it("accepts stacks that an app of its own creates one by one", async () => {
      await project.synth(`import { App } from "cdktf";
import { ComputeStack, readConfiguration, readImageRecord, RegistryStack, StateStack, StorageStack } from "reelway/constructs";
const app = new App();
const configuration = await readConfiguration();
const image = await readImageRecord();
for (const [stage, settings] of Object.entries(configuration.stages)) {
  const props = { deployment: { project: "media", stage, ...settings }, configuration, image };
  const stacks = [StateStack, RegistryStack, StorageStack, ComputeStack].map((Stack) => new Stack(app, props));
  for (const [index, stack] of stacks.entries())
    for (const earlier of stacks.slice(0, index)) stack.addDependency(earlier);
}
app.synth();
`);

      // The others are above.
      expect(await validate(project.getStackFolder("dev-compute"))).to.deep.equal(valid);
    });
  });
});
