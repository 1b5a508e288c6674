import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListPipelinesCommand } from "@aws-sdk/client-elastic-transcoder";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { PlanMismatchError } from "../../terraform/pull-request/apply-stage.ts";
import { parseSummary } from "../../terraform/pull-request/summary.ts";
import { StateLockedError } from "../../terraform/runner/errors.ts";
import type { SavedPlan } from "../../terraform/runner/terraform.ts";
import { eventually } from "../e2e/program.ts";
import { type ChangedBehind, changeBehind } from "./change-behind.ts";
import { testFunctions } from "./functions.ts";
import { inOrder } from "./in-order.ts";
import { openStage, type Stage } from "./stage.ts";

const seconds = (count: number): number => count * 1000;
const nothing = { add: 0, change: 0, remove: 0, import: 0 };

describe("the stacks of a whole stage, applied by Terraform", () => {
  let stage: Stage;
  let s3: S3Client;
  before(async function () {
    this.timeout(seconds(120));
    stage = await openStage();
    s3 = new S3Client(stage.moto.client);
  });
  after(async function () {
    this.timeout(seconds(30));
    await stage.close();
  });

  const bootstrap = async (): Promise<unknown> =>
    JSON.parse(await stage.reelway("bootstrap", "--stage", "dev", "--no-synth", "--json"));

  it("are bootstrapped from nothing", async function () {
    this.timeout(seconds(180));
    expect(await bootstrap()).to.include({ bucket: stage.names.stateBucket, outcome: "created" });
  });

  it("are planned as far as they can be while nothing but the state stands", async function () {
    this.timeout(seconds(120));
    const out = join(stage.folder, "empty");
    const { stacks } = parseSummary(
      await stage.reelway("plan", "--stage", "dev", "--no-synth", "--no-lock", "--out", out, "--json"),
    );
    expect(stacks.map(({ name, status }) => [name, status])).to.deep.equal([
      ["state", "unchanged"],
      ["registry", "planned"],
      ["storage", "planned"],
      ["compute", "pending"],
      ["transcoder", "pending"],
      ["pipelines", "pending"],
      ["routing", "pending"],
    ]);
    for (const { counts } of stacks.slice(1, 3)) {
      expect(counts?.create).to.be.above(1);
      expect(counts).to.include({ update: 0, replace: 0, delete: 0 });
    }
  });

  const again = new Map<string, Promise<SavedPlan>>();
  let behind: Promise<ChangedBehind> | undefined;
  let second: Promise<unknown> | undefined;
  let locked: unknown;
  it("are all made, one after those it needs, and of two applies at once one is told who holds the lock", async function () {
    this.timeout(seconds(1200));
    // Looked at below, like what follows the first apply of each: Terraform plans while others wait for AWS.
    second = bootstrap();
    second.catch(() => {});
    await inOrder(
      stage.stacks.filter(({ stack }) => stack !== "state"),
      ({ dependsOn }) => dependsOn,
      async (stack) => {
        const terraform = await stage.open(stack);
        if (stack.stack === "pipelines") await stage.giveKeys();
        await terraform.init();
        const { planPath } = await terraform.plan();
        const applied = terraform.apply(planPath);
        if (stack.stack === "storage") {
          const lock = { Bucket: stage.names.stateBucket, Key: "dev/storage.tfstate.tflock" };
          await eventually(() => s3.send(new HeadObjectCommand(lock)).catch(() => undefined));
          locked = await terraform.apply(planPath).catch((cause: unknown) => cause);
        }
        await applied;
        const plan = terraform.plan();
        again.set(stack.stack, plan);
        if (stack.stack === "registry") behind = plan.then(() => changeBehind(stage));
        for (const later of [plan, behind]) later?.catch(() => {});
      },
    );
    expect(locked).to.be.instanceOf(StateLockedError);
    expect(locked).to.include({ operation: "apply", stackName: "dev-storage" });
  });

  it("are bootstrapped once more without a change", async function () {
    this.timeout(seconds(60));
    expect(await second).to.deep.include({ outcome: "unchanged", pendingChanges: nothing });
  });

  it("are planned again without a difference", async function () {
    this.timeout(seconds(120));
    const changed = await Promise.all(
      [...again].map(async ([name, plan]) => [name, (await plan).hasChanges] as const),
    );
    expect(Object.fromEntries(changed)).to.deep.equal(
      Object.fromEntries(stackOrder.filter((name) => name !== "state").map((name) => [name, false])),
    );
  });

  it("tell of what was changed behind Terraform's back, and take back just what was reviewed", async function () {
    this.timeout(seconds(180));
    if (behind === undefined) throw new Error("The registry was not applied.");
    const { drift, refusal, refused, applied, restored } = await behind;
    expect(drift.map((one) => one.drift?.map(({ attributes }) => attributes))).to.deep.equal([
      [[{ path: "image_scanning_configuration[0].scan_on_push", before: "true", after: "false" }]],
    ]);
    expect(refusal).to.be.instanceOf(PlanMismatchError);
    const differences = refusal instanceof PlanMismatchError ? refusal.differences : [];
    expect(differences.join("\n")).to.include("image_tag_mutability");
    expect(refused?.imageScanningConfiguration?.scanOnPush).to.equal(false);
    expect(applied).to.deep.equal({ applied: ["registry"], unchanged: [], pendingApproval: undefined });
    expect(restored).to.deep.include({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  it("keep each its own state in the bucket, and no key of the transcoder in any", async () => {
    const Bucket = stage.names.stateBucket;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const keys = Contents.map(({ Key = "" }) => Key);
    expect(keys).to.have.members(stackOrder.map((name) => `dev/${name}.tfstate`));
    const { SecretString: secret = "" } = await new SecretsManagerClient(stage.moto.client).send(
      new GetSecretValueCommand({ SecretId: stage.names.transcoderKeys }),
    );
    const values = z
      .object({ keys: z.array(z.object({ secretAccessKey: z.string().min(40) })) })
      .parse(JSON.parse(secret))
      .keys.map((key) => key.secretAccessKey);
    for (const Key of keys) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString()) ?? "";
      expect(text).to.include('"lineage"');
      for (const value of values) expect(text.includes(value), Key).to.equal(false);
    }
  });

  describe("hold functions, which run with the variables they were given:", () => testFunctions(() => stage));

  // In a block of its own, since mocha runs a block's own tests before those of the blocks in it.
  describe("at last", () => {
    it("are destroyed with all they hold, the last first", async function () {
      this.timeout(seconds(1200));
      const transcoder = await stage.transcoder();
      const words = ["--confirm", "reelway-dev", "--delete-objects", "--yes", "--json"];
      const told: unknown = JSON.parse(
        await stage.reelway("destroy", "--stage", "dev", "--include", ...stackOrder, ...words),
      );
      const { stacks } = z
        .object({ stacks: z.array(z.object({ name: z.string(), outcome: z.string() })) })
        .parse(told);
      const { Buckets } = await s3.send(new ListBucketsCommand({}));
      const { TableNames } = await new DynamoDBClient(stage.moto.client).send(new ListTablesCommand({}));
      const { Pipelines = [] } = await transcoder.send(new ListPipelinesCommand({}));

      expect(stacks).to.deep.equal(
        stackOrder.toReversed().map((name) => ({ name: `dev-${name}`, outcome: "destroyed" })),
      );
      expect({ Buckets, TableNames }).to.deep.equal({ Buckets: [], TableNames: [] });
      expect(Pipelines.map(({ Name }) => Name)).to.deep.equal(["reelway"]);
    });
  });
});
