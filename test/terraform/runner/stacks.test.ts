import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ManifestError, readStacks } from "../../../terraform/runner/stacks.ts";

describe("synthesized stacks", () => {
  let outdir: string;
  beforeEach(async () => {
    outdir = await mkdtemp(join(tmpdir(), "reelway-stacks-"));
  });
  afterEach(() => rm(outdir, { recursive: true, force: true }));

  const write = (dependencies: Readonly<Record<string, readonly string[]>>) =>
    writeFile(
      join(outdir, "manifest.json"),
      JSON.stringify({
        version: "0.21.0",
        stacks: Object.fromEntries(
          Object.entries(dependencies).map(([name, upstreams]) => [
            name,
            { name, workingDirectory: `stacks/${name}`, dependencies: upstreams, annotations: [] },
          ]),
        ),
      }),
    );
  const names = async (stage?: string) => (await readStacks(outdir, stage)).map(({ name }) => name);

  it("are listed in deployment order, with their folders", async () => {
    await write({ "dev-storage": [], "dev-state": [], "dev-compute": ["dev-storage", "dev-state"] });

    expect(await readStacks(outdir, "dev")).to.deep.equal([
      {
        name: "dev-state",
        stage: "dev",
        stack: "state",
        directory: join(outdir, "stacks/dev-state"),
        dependsOn: [],
      },
      {
        name: "dev-storage",
        stage: "dev",
        stack: "storage",
        directory: join(outdir, "stacks/dev-storage"),
        dependsOn: [],
      },
      {
        name: "dev-compute",
        stage: "dev",
        stack: "compute",
        directory: join(outdir, "stacks/dev-compute"),
        dependsOn: ["dev-state", "dev-storage"],
      },
    ]);
  });

  it("follow their dependencies, even against that order", async () => {
    await write({ "dev-storage": ["dev-routing"], "dev-routing": [] });

    expect(await names("dev")).to.deep.equal(["dev-routing", "dev-storage"]);
  });

  it("are filtered by stage if named; an unknown one is last", async () => {
    await write({ "prod-state": [], "dev-high-lights": [], "dev-routing": [] });

    expect(await names("dev")).to.deep.equal(["dev-routing", "dev-high-lights"]);
    expect(await names()).to.deep.equal(["prod-state", "dev-routing", "dev-high-lights"]);
    expect((await readStacks(outdir, "dev")).at(-1)).to.have.property("stack", "high-lights");
  });

  it("fail on a dependency cycle", async () => {
    await write({ "dev-a": ["dev-b"], "dev-b": ["dev-a"] });

    const failed = await names().catch((cause: unknown) => cause);

    expect(failed).to.have.property("message", "Stacks depend on each other: dev-a → dev-b → dev-a.");
  });

  it("fail with instructions if nothing valid was synthesized", async () => {
    const missing = await names().catch((cause: unknown) => cause);
    await mkdir(join(outdir, "stacks"));
    await writeFile(join(outdir, "manifest.json"), "{}");
    const other = await names().catch((cause: unknown) => cause);

    for (const failed of [missing, other])
      expect(failed).to.be.instanceOf(ManifestError).with.property("message").that.includes("npm run synth");
  });
});
