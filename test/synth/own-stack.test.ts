import { execFile } from "node:child_process";
import { copyFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";
import { packageDirectory } from "../../build/package-directory.ts";
import { bin } from "../e2e/program.ts";
import { makeInstalledFolder } from "../project/installed-folder.ts";
import { listResources, parseStack } from "./synthesise.ts";

const manifestSchema = z.object({
  stacks: z.record(z.string(), z.looseObject({ dependencies: z.array(z.string()) })),
});
/** No route makes thumbnails. */
const configuration = `import { defineConfig } from "reelway";
export default defineConfig({
  project: "lectures",
  stages: { dev: { inputBucket: "lectures-in", outputBucket: "lectures-out", region: "eu-central-1" } },
  routes: [{ name: "ladder", extensions: ["mp4"], engine: "ffmpeg", recipe: { name: "ladder" }, outputs: ["output/{path}{name}.{ext}/"] }],
});
`;

describe("a project with a stack of its own", () => {
  let parent: string;
  let project: string;
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [bin, ...args], { cwd: project });
  const readStack = async (name: string) =>
    parseStack(await readFile(join(project, "cdktf.out/stacks", name, "cdk.tf.json"), "utf8"));
  before(async () => {
    ({ parent, folder: project } = await makeInstalledFolder("lectures"));
    for (const name of ["cdktf", "constructs", "@cdktf"])
      await symlink(join(packageDirectory, "node_modules", name), join(project, "node_modules", name));
    await writeFile(join(project, "reelway.config.ts"), configuration);
    await run("init");
    await copyFile(join(packageDirectory, "examples/own-stack/main.ts"), join(project, "main.ts"));
    await run("synth");
  });
  after(() => rm(parent, { recursive: true, force: true }));

  it("has it in a state of its own, subscribed to the topic of finished jobs", async () => {
    const stack = await readStack("dev-catalog");

    expect(stack.terraform.backend.s3).to.include({
      bucket: "lectures-dev-state",
      key: "dev/catalog.tfstate",
    });
    const [subscription] = listResources(stack, "aws_sns_topic_subscription");
    expect(subscription?.topic_arn).to.match(/^arn:aws:sns:eu-central-1:.*:lectures-dev-finished-jobs$/);
    expect(listResources(stack, "aws_sqs_queue").map(({ name }) => name)).to.have.members([
      "lectures-dev-catalog",
      "lectures-dev-catalog-dlq",
    ]);
  });

  it("has no function on-output if no route makes thumbnails", async () => {
    const functions = listResources(await readStack("dev-routing"), "aws_lambda_function");

    expect(functions.map(({ function_name: name }) => name)).to.have.members(
      ["router", "job-events", "reconciler", "sweep"].map((name) => `lectures-dev-${name}`),
    );
  });

  it("is checked by the policy, and applied after Reelway's stacks", async () => {
    const { stdout } = await run("policy");
    const { stacks } = manifestSchema.parse(
      JSON.parse(await readFile(join(project, "cdktf.out/manifest.json"), "utf8")),
    );

    expect(stdout).to.include(" 0 violations");
    expect(stacks["dev-catalog"]?.dependencies).to.include("dev-routing");
  });

  it("keeps its main.ts at the next init", async () => {
    const { stdout } = await run("init", "--write", "--json");

    expect(JSON.parse(stdout)).to.have.deep.nested.property("files[2]", { path: "main.ts", status: "kept" });
  });
});
