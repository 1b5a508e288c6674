import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeRepositoriesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { DeleteObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { bootstrapStage } from "../../../terraform/deployment/bootstrap.ts";
import { DeploymentDeclinedError, deployStacks } from "../../../terraform/deployment/deploy.ts";
import { DependantStacksError, destroyStacks, NotEmptyError } from "../../../terraform/deployment/destroy.ts";
import type { DestroyOptions } from "../../../terraform/deployment/destroy-options.ts";
import { TerraformError } from "../../../terraform/runner/errors.ts";
import { readStacks } from "../../../terraform/runner/stacks.ts";
import { parseState } from "../../../terraform/runner/state.ts";
import { openTerraform } from "../../../terraform/runner/terraform.ts";
import { type AwsProvider, startAwsProvider } from "../../apply/aws-provider.ts";
import { type Moto, startMoto } from "../../contract/moto.ts";
import {
  motoEnvironment,
  reference,
  remoteState,
  type StandInApp,
  type StandInStack,
  stateBucket,
  writeApp,
} from "../stand-in-app.ts";

/** As modules do it: `prevent_destroy` on what holds anything, deletion protection where AWS has it. */
const app = (unprotected: readonly string[]): Readonly<Record<string, StandInStack>> => {
  const lifecycle = (stack: string) => ({ lifecycle: { prevent_destroy: !unprotected.includes(stack) } });
  const versioned = (bucket: string) => ({
    bucket,
    versioning_configuration: { status: "Enabled" },
  });
  return {
    state: {
      resource: {
        aws_s3_bucket: { state: { bucket: stateBucket, ...lifecycle("state") } },
        aws_s3_bucket_versioning: { state: versioned(reference("aws_s3_bucket.state.id")) },
      },
    },
    storage: {
      dependencies: ["state"],
      resource: {
        aws_s3_bucket: { films: { bucket: "stand-in-films", ...lifecycle("storage") } },
        aws_s3_bucket_versioning: { films: versioned(reference("aws_s3_bucket.films.id")) },
        aws_ecr_repository: { worker: { name: "worker", ...lifecycle("storage") } },
        aws_dynamodb_table: {
          jobs: {
            name: "jobs",
            billing_mode: "PAY_PER_REQUEST",
            hash_key: "id",
            attribute: [{ name: "id", type: "S" }],
            deletion_protection_enabled: !unprotected.includes("storage"),
            ...lifecycle("storage"),
          },
        },
      },
      output: { table: { value: reference("aws_dynamodb_table.jobs.name") } },
    },
    routing: {
      dependencies: ["storage"],
      data: remoteState("storage"),
      resource: {
        aws_ssm_parameter: {
          table: {
            name: "/table",
            type: "String",
            value: reference("data.terraform_remote_state.storage.outputs.table"),
          },
        },
      },
    },
  };
};

describe("destroy on moto", () => {
  let moto: Moto;
  let provider: AwsProvider;
  let environment: Readonly<Record<string, string>>;
  let s3: S3Client;
  let ecr: ECRClient;
  let dynamodb: DynamoDBClient;
  let standIn: StandInApp;
  /** Which stacks were synthesized without protection, one after the other. */
  let synthesized: (readonly string[])[];

  before(async () => {
    moto = await startMoto();
    provider = await startAwsProvider(motoEnvironment(moto), [
      "aws_dynamodb_table",
      "aws_ecr_repository",
      "aws_s3_bucket",
      "aws_s3_bucket_versioning",
      "aws_ssm_parameter",
    ]);
    environment = { ...motoEnvironment(moto), ...provider.environment };
    [s3, ecr, dynamodb] = [
      new S3Client(moto.client),
      new ECRClient(moto.client),
      new DynamoDBClient(moto.client),
    ];
    standIn = await writeApp(app([]));
    const [state, ...stacks] = await readStacks(standIn.outdir, "dev");
    if (state === undefined) throw new Error("The stand-in has no state stack.");
    await bootstrapStage({
      stack: state,
      bucket: stateBucket,
      workingDirectory: standIn.folder,
      s3,
      report: () => {},
      environment,
    });
    await deployStacks({
      stacks,
      open: ({ directory }) => openTerraform({ directory, environment }),
      confirm: async () => true,
      report: () => {},
      prepareImage: async () => ({}),
    });
    for (const Body of ["first", "second"])
      await s3.send(new PutObjectCommand({ Bucket: "stand-in-films", Key: "film.mp4", Body }));
    await s3.send(new DeleteObjectCommand({ Bucket: "stand-in-films", Key: "film.mp4" }));
    await ecr.send(
      new PutImageCommand({
        repositoryName: "worker",
        imageTag: "one",
        imageManifest: JSON.stringify({
          schemaVersion: 2,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          config: { mediaType: "application/vnd.oci.image.config.v1+json", size: 2, digest: "sha256:1" },
          layers: [],
        }),
      }),
    );
  });
  beforeEach(() => {
    synthesized = [];
  });
  after(async () => {
    for (const client of [s3, ecr, dynamodb]) client.destroy();
    await Promise.all([moto.close(), provider.close()]);
    await standIn.remove();
  });

  const destroy = async (include: readonly string[], more: Partial<DestroyOptions> = {}) =>
    destroyStacks({
      stacks: await readStacks(standIn.outdir, "dev"),
      include,
      stateBucket,
      workingDirectory: standIn.folder,
      shouldDeleteObjects: false,
      synthesize: async (unprotected) => {
        synthesized.push(unprotected);
        for (const [name, stack] of Object.entries(app(unprotected))) await standIn.writeStack(name, stack);
      },
      confirm: async () => true,
      report: () => {},
      s3,
      ecr,
      environment,
      ...more,
    });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (cause: unknown) => cause,
    );
  const isProtected = async () =>
    (await dynamodb.send(new DescribeTableCommand({ TableName: "jobs" }))).Table?.DeletionProtectionEnabled;

  it("is rejected while a dependent stack is deployed, and names it", async () => {
    const failed = await failure(destroy(["storage"], { shouldDeleteObjects: true }));

    expect(failed)
      .to.be.instanceOf(DependantStacksError)
      .with.property("message")
      .that.includes("--include routing");
    expect(synthesized).to.deep.equal([]);
  });

  it("is rejected before any change if buckets and repositories are not empty", async () => {
    const failed = await failure(destroy(["routing", "storage"]));

    expect(failed).to.be.instanceOf(NotEmptyError);
    expect(failed instanceof NotEmptyError ? failed.targets : []).to.have.deep.members([
      { kind: "bucket", name: "stand-in-films" },
      { kind: "repository", name: "worker" },
    ]);
    expect(synthesized).to.deep.equal([]);
    expect(await isProtected()).to.equal(true);
  });

  it("lifts no protection without confirmation, and leaves none lifted in the synthesized stacks", async () => {
    const lines: string[] = [];

    const failed = await failure(
      destroy(["routing", "storage"], {
        shouldDeleteObjects: true,
        confirm: async () => false,
        report: (line) => lines.push(line),
      }),
    );

    expect(failed).to.be.instanceOf(DeploymentDeclinedError);
    expect(lines).to.include("  ~ change aws_dynamodb_table.jobs (deletion_protection_enabled)");
    expect(synthesized).to.deep.equal([["routing", "storage"], []]);
    expect(await isProtected()).to.equal(true);
  });

  it("stops at a bucket with continuous writes, and recreates nothing", async () => {
    let lists = 0;
    const busyClient = new S3Client(moto.client);
    busyClient.middlewareStack.add(
      (next, { commandName }) =>
        async (request) => {
          const answer = await next(request);
          if (commandName === "ListObjectVersionsCommand") lists += 1;
          // Every second list is the one that finds the bucket empty.
          if (commandName === "ListObjectVersionsCommand" && lists % 2 === 0)
            await s3.send(new PutObjectCommand({ Bucket: "stand-in-films", Key: "log", Body: "late" }));
          return answer;
        },
      { step: "initialize" },
    );
    const questions: string[] = [];
    const confirm = async (question: string) => questions.push(question) > 0;

    const failed = await failure(
      destroy(["storage", "routing"], { shouldDeleteObjects: true, s3: busyClient, confirm }),
    );
    const done = await destroy(["storage", "routing"], { shouldDeleteObjects: true, confirm });

    expect(failed).to.be.instanceOf(TerraformError).with.property("message").that.includes("BucketNotEmpty");
    // Two lists for each of the three emptyings.
    expect(lists).to.equal(6);
    expect(questions).to.deep.equal(["Apply these changes to dev-storage?"]);
    expect(done).to.deep.equal([
      { name: "dev-routing", outcome: "not deployed", deleted: 0 },
      { name: "dev-storage", outcome: "destroyed", deleted: 1 },
    ]);
  });

  it("destroys the state stack last, after migrating its state; resumes after a stop", async () => {
    // Stopped where the state is nowhere but at home: its bucket is empty, and still there.
    const stopped = await failure(
      destroy(["state"], {
        shouldDeleteObjects: true,
        report: (line) => {
          if (line.startsWith(`  bucket ${stateBucket}: `)) throw new Error("stopped");
        },
      }),
    );
    const rest = await destroy(["state"]);

    expect(stopped).to.have.property("message", "stopped");
    expect(rest).to.deep.equal([{ name: "dev-state", outcome: "destroyed", deleted: 0 }]);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).to.deep.equal([]);
    expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).to.deep.equal([]);
    const backup = await readFile(join(standIn.folder, "dev.tfstate.backup"), "utf8");
    expect(parseState(backup)?.resourceCount).to.equal(2);
    expect(synthesized.at(-1)).to.deep.equal([]);
  });

  it("finds nothing in a second run", async () => {
    const done = await destroy(["state", "storage", "routing"]);

    expect(new Set(done.map(({ outcome }) => outcome))).to.deep.equal(new Set(["not deployed"]));
  });
});
