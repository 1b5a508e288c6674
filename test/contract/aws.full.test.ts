import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { createDynamoResponseStore } from "../../adapters/aws/response-store.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { jobsTable, responsesTable, transcoderTable } from "../../pipeline/ports/tables.ts";
import { TaskNotStarted } from "../../pipeline/ports/task-runner.ts";
import { startEmulator } from "../apply/emulator.ts";
import { describeAccountStoreContract } from "./account-store.ts";
import { describeApi } from "./api.ts";
import { describeAppearanceStoreContract } from "./appearance-store.ts";
import { describeJobStoreContract } from "./job-store.ts";
import type { Moto } from "./moto.ts";
import { openMotoAccounts } from "./moto-accounts.ts";
import { openMotoApi } from "./moto-api.ts";
import { openMotoTaskRunner } from "./moto-ecs.ts";
import { openMotoNotifier, openMotoQueue } from "./moto-messages.ts";
import { openMotoSecret } from "./moto-secret.ts";
import { openMotoSources } from "./moto-sources.ts";
import { openMotoUploads } from "./moto-uploads.ts";
import { newTable } from "./new-table.ts";
import { describeNotifierContract } from "./notifier.ts";
import { describeObjectStoreContract } from "./object-store.ts";
import { openDynamoAppearanceStore } from "./open-appearance-store.ts";
import { describeQueueContract } from "./queue.ts";
import { describeResponseStoreContract } from "./response-store.ts";
import { describeSecretsContract } from "./secrets.ts";
import { describeSourceSignerContract } from "./source-signer.ts";
import { describeTaskRunnerContract } from "./task-runner.ts";
import { describeTranscoderStoreContract } from "./transcoder-store.ts";
import { describeUploadSignerContract } from "./upload-signer.ts";

describe("the AWS adapters", () => {
  let moto: Moto;
  before(async () => {
    moto = await startEmulator();
  });
  after(() => moto.close());
  /** Requests are serialized: moto evaluates a condition and writes in two steps. */
  const openDynamo = () =>
    new DynamoDBClient({
      ...moto.client,
      requestHandler: { httpAgent: { maxSockets: 1 }, socketAcquisitionWarningTimeout: 120_000 },
    });

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

  describeResponseStoreContract("DynamoDB", async () => {
    const client = openDynamo();
    return createDynamoResponseStore(client, await newTable(client, responsesTable));
  });

  describeAppearanceStoreContract(
    "DynamoDB",
    async (clock) => (await openDynamoAppearanceStore(openDynamo(), clock)).store,
  );

  describeTaskRunnerContract("ECS", () => openMotoTaskRunner(moto));

  it("report a missing cluster for every operation", async () => {
    const { elsewhere, unknown } = await openMotoTaskRunner(moto);
    const environment = { JOB_ID: "j", JOB_TABLE: "jobs", JOB_ATTEMPT: "1" };
    const size = { cpu: 1024, memory: 2048 };
    for (const [act, kind, properties] of [
      [
        () => elsewhere.run({ clientToken: "j-1", environment, size }),
        TaskNotStarted,
        { refusal: "unknown" },
      ],
      [() => elsewhere.stop(unknown, "cancelled"), StoreFailure, { retryable: false }],
      [() => elsewhere.describe([unknown]), StoreFailure, { retryable: false }],
    ] as const) {
      const failure = await act().then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(failure).to.be.instanceOf(kind).and.to.include(properties);
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

  describeAccountStoreContract("Secrets Manager", () => openMotoAccounts(moto));

  describe("accounts in Secrets Manager", () => {
    let fixture: Awaited<ReturnType<typeof openMotoAccounts>>;
    beforeEach(async () => {
      fixture = await openMotoAccounts(moto);
    });
    afterEach(() => fixture.close());

    it("take the session key from its own secret and never store it", async () => {
      const store = fixture.open();
      await store.update((accounts) => ({ ...accounts, sessionKey: "x".repeat(43) }));

      expect((await store.read()).sessionKey).to.equal(fixture.sessionKey);
    });

    it("refuse a change that exceeds the size of a secret", async () => {
      const user = {
        id: "a",
        groups: [],
        name: "u".repeat(254),
        passwordHash: `scrypt$32768$8$3$${"a".repeat(22)}$${"b".repeat(43)}`,
        createdAt: "2026-11-29T12:00:00Z",
      };
      const store = fixture.open();
      const failure = await store
        .update((accounts) => ({ ...accounts, users: Array.from({ length: 200 }, () => user) }))
        .catch((cause: unknown) => cause);

      expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
      expect(String(failure)).to.include("Secrets Manager stores 65536");
      expect((await store.read()).users).to.deep.equal([]);
    });
  });

  describeApi("on AWS", () => openMotoApi(moto));

  describeSourceSignerContract("S3", () => openMotoSources(moto));

  describeUploadSignerContract("S3", () => openMotoUploads(moto));

  it("sign a form whose policy allows exactly the file", async () => {
    const { signer, close } = await openMotoUploads(moto);
    const { fields } = await signer.signUpload(
      { key: "responses/a.webm", contentType: "video/webm", metadata: { owner: "ann" } },
      { maxBytes: 1000, expirySeconds: 300 },
    );
    const policy = JSON.parse(Buffer.from(fields.Policy ?? "", "base64").toString());
    await close();

    // moto stores the file of any form, so the conditions are those of the policy; S3 enforces them.
    expect(policy.conditions).to.deep.include.members([
      ["content-length-range", 1, 1000],
      { key: "responses/a.webm" },
      { "Content-Type": "video/webm" },
      { "x-amz-meta-owner": "ann" },
    ]);
    expect(Date.parse(policy.expiration) - Date.now()).to.be.within(290_000, 301_000);
  });
});
