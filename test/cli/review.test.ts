import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { reviewCommand } from "../../cli/commands/review.ts";
import { reelway } from "../e2e/program.ts";
import { planDocument, resourceChange } from "../terraform/review/plans.ts";

const bucketDeletion = resourceChange({
  address: "aws_s3_bucket.old",
  actions: ["delete"],
  before: { bucket: "old" },
});

describe("reelway review", function () {
  this.timeout(30_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-review-"));
    await mkdir(join(folder, "dev-storage"));
    const write = (name: string, content: string) => writeFile(join(folder, name), content);
    await Promise.all([
      write("dev-storage/plan.json", JSON.stringify(planDocument([bucketDeletion]))),
      write("dev-routing.json", JSON.stringify(planDocument([resourceChange({ actions: ["create"] })]))),
      write("failed.json", JSON.stringify(planDocument([], { errored: true }))),
      write("state.json", JSON.stringify({ version: 4, serial: 1, lineage: "a" })),
      write("saved.tfplan", "PK\u0003\u0004"),
      write("lines.json", '{"@level":"info"}\n{"@level":"info"}\n'),
    ]);
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const run = (...args: string[]) => reelway(["review", ...args], folder);

  it("prints the review and exits with 1 if a destroy is not allowed", async () => {
    const refused = await run("dev-storage/plan.json", "dev-routing.json");
    expect(refused.stdout).to.include("**2 stacks: 1 to create, 1 to delete.**");
    expect(refused.stdout).to.include("## `dev-storage`: 1 to delete");
    expect({ code: refused.code, stderr: refused.stderr }).to.deep.equal({
      code: 1,
      stderr:
        "reelway: The plan destroys stateful resources: aws_s3_bucket.old (dev-storage). To allow it: --allow-destroy 'aws_s3_bucket.old'\n",
    });
  });

  it("prints one JSON document", async () => {
    const result = await run("stage=dev-storage/plan.json", "--json", "--allow-destroy", "aws_s3_bucket.old");
    const { code, stdout, stderr } = result;
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const document = JSON.parse(stdout);
    expect(document).to.deep.include({ blocked: false });
    expect(document.stacks[0]).to.deep.include({ name: "stage", blockedAddresses: [] });
  });

  it("fails on a plan that ended with an error", async () => {
    expect(await run("failed.json")).to.deep.include({
      code: 1,
      stderr:
        "reelway: Incomplete plan: terraform plan failed for failed. Plan again and check its errors.\n",
    });
  });

  for (const [args, message] of [
    [["nothing.json"], "File nothing.json does not exist."],
    [
      ["state.json"],
      "state.json is not a Terraform plan in JSON: it is a state file. Create one with: terraform plan",
    ],
    [
      ["saved.tfplan"],
      "saved.tfplan is a saved plan, not its JSON. Convert it with: terraform show -json saved.tfplan",
    ],
    [["lines.json"], "lines.json is not valid JSON: it is the progress output of terraform plan -json"],
    [["dev-storage/plan.json", "dev-storage=dev-routing.json"], "Duplicate plan name dev-storage."],
    [
      ["dev-routing.json", "--allow-destroy", "aws_s3_bucket.x"],
      "--allow-destroy: no plan destroys a stateful resource aws_s3_bucket.x.",
    ],
    [
      ["dev-routing.json", "--allow-destroy", "aws_sqs_queue.one"],
      "--allow-destroy: aws_sqs_queue.one is not destroyed, or is not a stateful resource.",
    ],
    [
      ["dev-storage/plan.json", "p=dev-storage/plan.json", "--allow-destroy", "aws_s3_bucket.old"],
      "--allow-destroy: aws_s3_bucket.old is destroyed in dev-storage and p; add the stack, e.g. dev-storage:aws_s3_bucket.old.",
    ],
  ] as const)
    it(`rejects ${args.join(" ")} with one line`, async () => {
      const resolvedArgs = args.map((word) => word.replace(/^(\w+=)?(?=[\w-]+[./])(?!aws_)/, `$1${folder}/`));
      const refused = await reviewCommand()
        .parseAsync(resolvedArgs, { from: "user" })
        .then(
          () => "nothing",
          (cause: Error) => cause.message.replaceAll(`${folder}/`, ""),
        );
      expect(refused).to.include(message).and.not.to.include("\n");
    });
});
