import { expect } from "chai";
import { PlanFormatError } from "../../../terraform/review/plan-document.ts";
import { type Review, reviewPlan } from "../../../terraform/review/review.ts";
import { planDocument, resourceChange } from "./plans.ts";

const review = (
  changes: Parameters<typeof planDocument>[0],
  more: Parameters<typeof planDocument>[1] = {},
  allowDestroy: readonly string[] = [],
): Review => reviewPlan(planDocument(changes, more), { name: "dev-storage", allowDestroy });

const bucketDeletion = resourceChange({
  address: "aws_s3_bucket.old",
  actions: ["delete"],
  before: { bucket: "old" },
  reason: "delete_because_no_resource_config",
});

describe("a plan review", () => {
  it("counts changes, imports and moves in the summary", () => {
    const { counts } = review([
      resourceChange({ address: "aws_sqs_queue.a", actions: ["create"] }),
      resourceChange({ address: "aws_sqs_queue.b", actions: ["update"], from: "aws_sqs_queue.x" }),
      resourceChange({ address: "aws_sqs_queue.c", actions: ["create", "delete"] }),
      resourceChange({ address: "aws_sqs_queue.d", actions: ["delete", "create"] }),
      resourceChange({ address: "aws_sqs_queue.e", actions: ["delete"] }),
      resourceChange({ address: "aws_sqs_queue.f", actions: ["no-op"], importId: "f" }),
      resourceChange({ address: "aws_sqs_queue.g", actions: ["forget"] }),
      resourceChange({ address: "aws_sqs_queue.h", actions: ["read"] }),
      resourceChange({ address: "aws_sqs_queue.i", actions: ["no-op"] }),
      resourceChange({ address: "aws_sqs_queue.j", actions: ["create", "forget"] }),
    ]);
    expect(counts).to.deep.equal({
      create: 1,
      update: 1,
      replace: 3,
      delete: 1,
      import: 1,
      move: 1,
      forget: 1,
      read: 1,
    });
  });

  it("names the attribute that forces a replacement first", () => {
    const { resources } = review([
      resourceChange({
        address: "aws_sqs_queue.q",
        actions: ["delete", "create"],
        before: { delay_seconds: 1, name: "one" },
        after: { delay_seconds: 2, name: "two" },
        reason: "replace_because_cannot_update",
        replacePaths: [["name"]],
      }),
    ]);
    expect(
      resources.map(({ attributes }) => attributes.map((one) => [one.path, one.forcesReplacement])),
    ).to.deep.equal([
      [
        ["name", true],
        ["delay_seconds", false],
      ],
    ]);
  });

  it("explains other reasons", () => {
    const { resources } = review([
      resourceChange({
        address: "aws_sqs_queue.a",
        actions: ["delete", "create"],
        reason: "replace_because_tainted",
      }),
      resourceChange({ address: "aws_sqs_queue.b", actions: ["delete"], reason: "delete_because_each_key" }),
      resourceChange({
        address: "aws_sqs_queue.c",
        actions: ["delete"],
        reason: "delete_because_moon_is_full",
      }),
    ]);
    expect(resources.map(({ reason }) => reason)).to.deep.equal([
      "it is tainted: its creation failed, or it was marked with terraform taint",
      "its key was removed from for_each",
      "delete because moon is full",
    ]);
  });

  it("blocks the loss of data until its address is allowed", () => {
    const table = resourceChange({
      address: 'aws_dynamodb_table.jobs["a"]',
      actions: ["delete", "create"],
      before: { name: "jobs" },
      after: { name: "jobs" },
    });
    const changes = [bucketDeletion, table];
    expect(review(changes).blockedAddresses).to.deep.equal([
      "aws_s3_bucket.old",
      'aws_dynamodb_table.jobs["a"]',
    ]);
    expect(review(changes, {}, ["aws_s3_bucket.old"]).blockedAddresses).to.deep.equal([
      'aws_dynamodb_table.jobs["a"]',
    ]);
    expect(
      review(changes, {}, ["dev-storage:aws_s3_bucket.old", 'aws_dynamodb_table.jobs["a"]']).blockedAddresses,
    ).to.deep.equal([]);
    expect(review(changes, {}, ["prod-storage:aws_s3_bucket.old"]).blockedAddresses).to.include(
      "aws_s3_bucket.old",
    );
  });

  it("reports losses of queues and logs without blocking, and nothing for retained resources", () => {
    const { resources, blockedAddresses } = review([
      resourceChange({ address: "aws_cloudwatch_log_group.l", actions: ["delete"], before: { name: "l" } }),
      resourceChange({ address: "aws_s3_bucket.left", actions: ["forget"], before: { bucket: "left" } }),
      resourceChange({ address: "aws_iam_role.r", actions: ["delete"], before: { name: "r" } }),
    ]);
    expect(blockedAddresses).to.deep.equal([]);
    expect(resources.map(({ dataLoss }) => dataLoss)).to.deep.equal([
      { consequence: "Its log events are lost.", isGuarded: false, isAllowed: false },
      undefined,
      undefined,
    ]);
  });

  it("protects a state object, and no other object", () => {
    const { blockedAddresses } = review(
      ["dev/storage.tfstate", "lambda/router.zip"].map((key, at) =>
        resourceChange({ address: `aws_s3_object.o${at}`, actions: ["delete"], before: { key } }),
      ),
    );
    expect(blockedAddresses).to.deep.equal(["aws_s3_object.o0"]);
  });

  it("shows neither sensitive outputs nor unknown values", () => {
    const { outputs } = review([], {
      outputs: {
        key: {
          actions: ["update"],
          before: "old-key",
          after: "new-key",
          before_sensitive: true,
          after_sensitive: true,
        },
        url: {
          actions: ["create"],
          before: null,
          after_unknown: true,
          before_sensitive: false,
          after_sensitive: false,
        },
        same: { actions: ["no-op"], before: "a", after: "a" },
      },
    });
    expect(JSON.parse(JSON.stringify(outputs))).to.deep.equal([
      { name: "key", action: "update", before: "(sensitive)", after: "(sensitive)" },
      { name: "url", action: "create", after: "(known after apply)" },
    ]);
  });

  it("warns about a failed plan and an incomplete one", () => {
    expect(review([], { errored: true, complete: false })).to.deep.include({
      errored: true,
      warnings: ["Planning failed: this plan is incomplete and cannot be applied."],
    });
    expect(review([], { complete: false }).warnings).to.deep.equal([
      "The plan is partial (-target or deferred changes): plan again after applying it.",
    ]);
  });

  for (const [title, document, why] of [
    ["a list", [], "it is not a JSON object"],
    ["a state file", { version: 4, serial: 3, lineage: "x" }, "it is a state file"],
    ["a shown state", { format_version: "1.0", values: {} }, "it shows a state, not a plan"],
    ["a configuration", { terraform: {}, resource: {} }, "it is a configuration"],
    ["a later format", { format_version: "2.0", planned_values: {} }, 'its format "2.0" is not 1.x'],
  ] as const)
    it(`rejects ${title}, and explains how to create a plan`, () => {
      expect(() => reviewPlan(document, { name: "dev" })).to.throw(
        PlanFormatError,
        `dev is not a Terraform plan in JSON: ${why}. Create one with: terraform plan -out=plan.tfplan, then terraform show -json plan.tfplan > plan.json`,
      );
    });
});
