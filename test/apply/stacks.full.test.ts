import { join } from "node:path";
import {
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import * as z from "zod";
import { applyStage, NotAsReviewed } from "../../delivery/pull-request/apply-stage.ts";
import { driftOfStage } from "../../delivery/pull-request/drift-stage.ts";
import { summaryOf } from "../../delivery/pull-request/plan-files.ts";
import { planStage } from "../../delivery/pull-request/plan-stage.ts";
import { parseSummary, summariseStack } from "../../delivery/pull-request/summary.ts";
import { StateLocked } from "../../delivery/terraform/failures.ts";
import type { SavedPlan } from "../../delivery/terraform/terraform.ts";
import { stackOrder } from "../../pipeline/deployment/stacks.ts";
import { eventually } from "../e2e/program.ts";
import { inOrder } from "./in-order.ts";
import { openStage, type Stage } from "./stage.ts";

const seconds = (count: number): number => count * 1000;

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

  it("are bootstrapped from nothing, and once more without a change", async function () {
    this.timeout(seconds(180));
    const bootstrap = async (): Promise<unknown> =>
      JSON.parse(await stage.reelway("bootstrap", "--stage", "dev", "--no-synth", "--json"));
    const first = await bootstrap();
    const second = await bootstrap();
    const bucket = stage.names.stateBucket;
    expect(first).to.include({ bucket, outcome: "made" });
    expect(second).to.deep.include({
      bucket,
      outcome: "stood",
      waiting: { add: 0, change: 0, remove: 0, import: 0 },
    });
  });

  it("are planned as far as they can be while nothing but the state stands", async function () {
    this.timeout(seconds(120));
    const out = join(stage.folder, "empty");
    const summary = parseSummary(
      await stage.reelway("plan", "--stage", "dev", "--no-synth", "--no-lock", "--out", out, "--json"),
    );
    expect(summary.stacks.map(({ name, status }) => [name, status])).to.deep.equal([
      ["state", "unchanged"],
      ["registry", "planned"],
      ["storage", "planned"],
      ["compute", "waits"],
      ["transcoder", "waits"],
      ["pipelines", "waits"],
      ["routing", "waits"],
    ]);
    for (const { counts } of summary.stacks.slice(1, 3)) {
      expect(counts?.create).to.be.above(1);
      expect(counts).to.include({ update: 0, replace: 0, delete: 0 });
    }
  });

  const seconds_: Record<string, number> = {};
  const again = new Map<string, Promise<SavedPlan>>();
  let refused: unknown;
  it("are all made, one after those it needs, and of two applies at once one is told who holds the lock", async function () {
    this.timeout(seconds(480));
    await inOrder(
      stage.stacks.filter(({ stack }) => stack !== "state"),
      ({ dependsOn }) => dependsOn,
      async (stack) => {
        const began = Date.now();
        const terraform = await stage.open(stack);
        if (stack.stack === "pipelines") await stage.giveKeys();
        await terraform.init();
        const { planPath } = await terraform.plan();
        const applied = terraform.apply(planPath);
        if (stack.stack === "storage") {
          const Key = "dev/storage.tfstate.tflock";
          await eventually(() =>
            s3.send(new HeadObjectCommand({ Bucket: stage.names.stateBucket, Key })).catch(() => undefined),
          );
          refused = await terraform.apply(planPath).catch((cause: unknown) => cause);
        }
        await applied;
        seconds_[stack.stack] = (Date.now() - began) / 1000;
        again.set(stack.stack, terraform.plan());
      },
    );
    console.log(seconds_);
    expect(refused).to.be.instanceOf(StateLocked);
    expect(refused).to.include({ operation: "apply", stackName: "dev-storage" });
  });

  it("are planned again without a difference", async function () {
    this.timeout(seconds(120));
    const changed = await Promise.all(
      [...again].map(async ([name, plan]) => [name, (await plan).changed] as const),
    );
    expect(Object.fromEntries(changed)).to.deep.equal(
      Object.fromEntries(stackOrder.filter((name) => name !== "state").map((name) => [name, false])),
    );
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

  it("tell of what was changed behind Terraform's back, and take back just what was reviewed", async function () {
    this.timeout(seconds(120));
    const registry = [stage.stack("registry")];
    const options = { open: stage.open };
    const ecr = new ECRClient(stage.moto.client);
    const repository = { repositoryName: stage.names.repository };
    const review = async () =>
      summaryOf(
        { stage: "dev", commit: undefined, run: undefined },
        (await planStage(registry, options)).map(summariseStack),
      );

    await ecr.send(
      new PutImageScanningConfigurationCommand({
        ...repository,
        imageScanningConfiguration: { scanOnPush: false },
      }),
    );
    const [drift] = await driftOfStage(registry, options);
    const reviewed = await review();
    await ecr.send(new PutImageTagMutabilityCommand({ ...repository, imageTagMutability: "MUTABLE" }));
    const refusal: unknown = await applyStage(registry, reviewed, options).catch((cause: unknown) => cause);
    const meanwhile = await ecr.send(new DescribeRepositoriesCommand({}));
    const applied = await applyStage(registry, await review(), options);
    const afterwards = await ecr.send(new DescribeRepositoriesCommand({}));

    expect(drift?.drift?.map(({ attributes }) => attributes)).to.deep.equal([
      [{ path: "image_scanning_configuration[0].scan_on_push", before: "true", after: "false" }],
    ]);
    expect(refusal).to.be.instanceOf(NotAsReviewed);
    expect(refusal instanceof NotAsReviewed && refusal.differences.join("\n")).to.include(
      "image_tag_mutability",
    );
    expect(meanwhile.repositories?.[0]?.imageScanningConfiguration?.scanOnPush).to.equal(false);
    expect(applied).to.deep.equal({ applied: ["registry"], unchanged: [], next: undefined });
    expect(afterwards.repositories?.[0]).to.deep.include({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });
});
