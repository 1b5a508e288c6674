import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { jobsTable, transcoderTable } from "../../pipeline/ports/tables.ts";
import { TaskNotStarted } from "../../pipeline/ports/task-runner.ts";
import { describeJobStoreContract } from "./job-store.ts";
import { type Moto, startMoto } from "./moto.ts";
import { openMotoTaskRunner } from "./moto-ecs.ts";
import { openMotoNotifier, openMotoQueue } from "./moto-messages.ts";
import { openMotoSecret } from "./moto-secret.ts";
import { newTable } from "./new-table.ts";
import { describeNotifierContract } from "./notifier.ts";
import { describeObjectStoreContract } from "./object-store.ts";
import { describeQueueContract } from "./queue.ts";
import { describeSecretsContract } from "./secrets.ts";
import { describeTaskRunnerContract } from "./task-runner.ts";
import { describeTranscoderStoreContract } from "./transcoder-store.ts";

describe("the AWS adapters", () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.close());
  /** Requests are serialized: moto evaluates a condition and writes in two steps. */
  const openDynamo = () =>
    new DynamoDBClient({ ...moto.client, requestHandler: { httpAgent: { maxSockets: 1 } } });

  describeObjectStoreContract("S3", async () => {
    const client = new S3Client(moto.client);
    const bucket = `objects-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    return { bucket, open: () => createS3ObjectStore(client) };
  });

  describeJobStoreContract("DynamoDB", async () => {
    const client = openDynamo();
    return createDynamoJobStore(client, await newTable(client, jobsTable), { now: () => new Date() });
  });

  describeTaskRunnerContract("ECS", () => openMotoTaskRunner(moto));

  it("report a missing cluster for every operation", async () => {
    const { elsewhere, unknown } = await openMotoTaskRunner(moto);
    const environment = { JOB_ID: "j", JOB_TABLE: "jobs", JOB_ATTEMPT: "1" };
    for (const [act, kind] of [
      [
        () => elsewhere.run({ clientToken: "j-1", environment, size: { cpu: 1024, memory: 2048 } }),
        TaskNotStarted,
      ],
      [() => elsewhere.stop(unknown, "cancelled"), StoreFailure],
      [() => elsewhere.describe([unknown]), StoreFailure],
    ] as const) {
      const failure = await act().then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(failure).to.be.instanceOf(kind).and.to.include({ retryable: false });
      expect(String(failure)).to.include("Cluster not found");
    }
  });

  describeTranscoderStoreContract("DynamoDB", async () => {
    const client = openDynamo();
    return createDynamoTranscoderStore(client, await newTable(client, transcoderTable), {
      now: () => new Date(),
    });
  });

  describeQueueContract("SQS", () => openMotoQueue(moto));

  describeNotifierContract("SNS", () => openMotoNotifier(moto));

  describeSecretsContract("Secrets Manager", () => openMotoSecret(moto));
});
