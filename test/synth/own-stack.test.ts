import { expect } from "chai";
import * as z from "zod";
import { createOwnProject, type OwnProject, readExampleApp } from "./own-project.ts";
import { listResources } from "./synthesize.ts";

const manifestSchema = z.object({
  stacks: z.record(z.string(), z.looseObject({ dependencies: z.array(z.string()) })),
});

describe("a project with a stack of its own", () => {
  let project: OwnProject;
  let printed: string;
  before(async () => {
    project = await createOwnProject();
    printed = await project.synth(await readExampleApp());
  });
  after(() => project?.remove());

  it("reports how many stacks were written, and where", () => {
    expect(printed).to.equal("Wrote 10 stacks to cdktf.out\n");
  });

  it("has it in a state of its own, subscribed to the topic of finished jobs", async () => {
    const stack = await project.readStack("dev-catalog");

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
    const functions = listResources(await project.readStack("dev-routing"), "aws_lambda_function");

    expect(functions.map(({ function_name: name }) => name)).to.have.members(
      ["router", "job-events", "reconciler", "sweep"].map((name) => `lectures-dev-${name}`),
    );
  });

  it("is checked by the policy, and applied after Reelway's stacks", async () => {
    const { stdout } = await project.run("policy");
    const { stacks } = manifestSchema.parse(JSON.parse(await project.readManifest()));

    expect(stdout).to.include(" 0 violations");
    expect(stacks["dev-catalog"]?.dependencies).to.include("dev-routing");
  });

  it("keeps its main.ts at the next init", async () => {
    const { stdout } = await project.run("init", "--write", "--json");

    expect(JSON.parse(stdout)).to.have.deep.nested.property("files[2]", { path: "main.ts", status: "kept" });
  });
});
