import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListPipelinesCommand } from "@aws-sdk/client-elastic-transcoder";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
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
import { pollUntil } from "../e2e/program.ts";
import { testChannels } from "./channels.ts";
import { testFunctions } from "./functions.ts";
import { causeRegistryDrift, type RegistryDriftResult } from "./registry-drift.ts";
import { runInOrder } from "./run-in-order.ts";
import { openStage, type Stage } from "./stage.ts";
import { testWebhooks } from "./webhooks.ts";

const seconds = (count: number): number => count * 1000;
const noChanges = { add: 0, change: 0, remove: 0, import: 0 };

describe("all stacks of a stage, applied by Terraform", () => {
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

  it("bootstraps an empty account", async function () {
    this.timeout(seconds(180));
    expect(await bootstrap()).to.include({ bucket: stage.names.stateBucket, outcome: "created" });
  });

  it("plans what can be planned while only the state stack is deployed", async function () {
    this.timeout(seconds(120));
    const out = join(stage.folder, "empty");
    const { stacks } = parseSummary(
      await stage.reelway("plan", "--stage", "dev", "--no-synth", "--no-lock", "--out", out, "--json"),
    );
    expect(stacks.map(({ name, status }) => [name, status])).to.deep.equal([
      ["state", "unchanged"],
      ["registry", "planned"],
      ["storage", "planned"],
      ["compute", "planned"],
      ["transcoder", "pending"],
      ["pipelines", "pending"],
      ["routing", "pending"],
      ["api", "planned"],
      ["site", "pending"],
      ["highlights", "planned"],
    ]);
    for (const { counts } of stacks.filter(({ status }) => status === "planned")) {
      expect(counts?.create).to.be.above(1);
      expect(counts).to.include({ update: 0, replace: 0, delete: 0 });
    }
  });

  const again = new Map<string, Promise<SavedPlan>>();
  let registryDrift: Promise<RegistryDriftResult> | undefined;
  let second: Promise<unknown> | undefined;
  let locked: unknown;
  it("deploys all stacks in order, and reports the lock holder to the second of two applies", async function () {
    this.timeout(seconds(1200));
    // Asserted below, like what follows the first apply of each stack: Terraform plans while others wait for AWS.
    second = bootstrap();
    second.catch(() => {});
    await runInOrder(
      stage.stacks.filter(({ stack }) => stack !== "state"),
      ({ dependsOn }) => dependsOn,
      async (stack) => {
        const terraform = await stage.open(stack);
        if (stack.stack === "pipelines") await stage.writeTranscoderKeys();
        await terraform.init();
        const { planPath } = await terraform.plan();
        const applied = terraform.apply(planPath);
        if (stack.stack === "storage") {
          const lock = { Bucket: stage.names.stateBucket, Key: "dev/storage.tfstate.tflock" };
          await pollUntil(() => s3.send(new HeadObjectCommand(lock)).catch(() => undefined));
          locked = await terraform.apply(planPath).catch((cause: unknown) => cause);
        }
        await applied;
        const plan = terraform.plan();
        again.set(stack.stack, plan);
        if (stack.stack === "registry") registryDrift = plan.then(() => causeRegistryDrift(stage));
        for (const later of [plan, registryDrift]) later?.catch(() => {});
      },
    );
    expect(locked).to.be.instanceOf(StateLockedError);
    expect(locked).to.include({ operation: "apply", stackName: "dev-storage" });
  });

  it("bootstraps again without a change", async function () {
    this.timeout(seconds(60));
    expect(await second).to.deep.include({ outcome: "unchanged", pendingChanges: noChanges });
  });

  it("plans again without a difference", async function () {
    this.timeout(seconds(120));
    const changed = await Promise.all(
      [...again].map(async ([name, plan]) => [name, (await plan).hasChanges] as const),
    );
    expect(Object.fromEntries(changed)).to.deep.equal(
      Object.fromEntries(stackOrder.filter((name) => name !== "state").map((name) => [name, false])),
    );
  });

  it("reports drift and reverts exactly what was reviewed", async function () {
    this.timeout(seconds(180));
    if (registryDrift === undefined) throw new Error("The registry was not applied.");
    const { drift, refusal, beforeApply, applied, restored } = await registryDrift;
    expect(drift.map((one) => one.drift?.map(({ attributes }) => attributes))).to.deep.equal([
      [[{ path: "image_scanning_configuration[0].scan_on_push", before: "true", after: "false" }]],
    ]);
    expect(refusal).to.be.instanceOf(PlanMismatchError);
    const differences = refusal instanceof PlanMismatchError ? refusal.differences : [];
    expect(differences.join("\n")).to.include("image_tag_mutability");
    expect(beforeApply?.imageScanningConfiguration?.scanOnPush).to.equal(false);
    expect(applied).to.deep.equal({ applied: ["registry"], unchanged: [], pendingApproval: undefined });
    expect(restored).to.deep.include({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  it("refuses a state without encryption by KMS", async () => {
    const object = { Bucket: stage.names.stateBucket, Key: "dev/refused.tfstate", Body: "{}" };
    const refusal = await s3
      .send(new PutObjectCommand({ ...object, ServerSideEncryption: "AES256" }))
      .catch((cause: unknown) => cause);
    expect(refusal).to.have.nested.property("$metadata.httpStatusCode", 403);
  });

  it("keeps one state per stack in the bucket, without transcoder or API keys", async () => {
    const Bucket = stage.names.stateBucket;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const keys = Contents.map(({ Key = "" }) => Key);
    expect(keys).to.have.members(stackOrder.map((name) => `dev/${name}.tfstate`));
    const secrets = new SecretsManagerClient(stage.moto.client);
    const readSecret = async (SecretId: string): Promise<unknown> =>
      JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? "");
    const values = [
      ...z
        .object({ keys: z.array(z.object({ secretAccessKey: z.string().min(40) })) })
        .parse(await readSecret(stage.names.transcoderKeys))
        .keys.map((key) => key.secretAccessKey),
      ...Object.values(z.record(z.string(), z.string().length(43)).parse(await readSecret(stage.names.api))),
    ];
    expect(new Set(values)).to.have.property("size", 4);
    for (const Key of keys) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString()) ?? "";
      expect(text).to.include('"lineage"');
      for (const value of values) expect(text.includes(value), Key).to.equal(false);
    }
  });

  describe("runs deployed functions with their configured variables:", () => testFunctions(() => stage));
  describe("delivers webhooks:", () => testWebhooks(() => stage));
  describe("watches channels:", () => testChannels(() => stage));

  // In its own block: mocha runs a block's own tests before those of nested blocks.
  describe("finally", () => {
    it("destroys all stacks with their content in reverse order", async function () {
      this.timeout(seconds(1200));
      const transcoder = await stage.transcoder();
      const destroyOptions = ["--confirm", "reelway-dev", "--delete-objects", "--yes", "--json"];
      const deletion: unknown = JSON.parse(
        await stage.reelway("destroy", "--stage", "dev", "--include", ...stackOrder, ...destroyOptions),
      );
      const { stacks } = z
        .object({ stacks: z.array(z.object({ name: z.string(), outcome: z.string() })) })
        .parse(deletion);
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
