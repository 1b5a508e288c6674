import { generateKeyPairSync, randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createSecretAccountStore } from "../../adapters/aws/account-store.ts";
import { createDynamoAppearanceStore } from "../../adapters/aws/appearance-store.ts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createToken, setUser } from "../../pipeline/access/accounts.ts";
import { originSecretHeader } from "../../pipeline/access/origin-secret-header.ts";
import { serializeApiConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  jobsTable,
  labelsTable,
  responsesTable,
  transcoderTable,
} from "../../pipeline/ports/tables.ts";
import { TaskNotStarted } from "../../pipeline/ports/task-runner.ts";
import { createRequestEvent } from "../lambdas/api/request-event.ts";
import { invocationContext } from "../lambdas/invocation-context.ts";
import { buildUploadEvent, openJobFixture } from "../pipeline/jobs/job-fixture.ts";
import { archivedSegment, configurationWithChannel } from "../runtime/server/api-channels.ts";
import { parseOpenApi } from "../runtime/server/api-client.ts";
import { type ApiHome, createExamples } from "./api.ts";
import type { Moto } from "./moto.ts";
import { newTable } from "./new-table.ts";

const host = "media.example.com";
const originSecret = "secret of the origin";
const user = { name: "ann", password: "correct horse battery" };
/** The function api over moto: its own handler, called as API Gateway does. */
export const openMotoApi = async (moto: Moto): Promise<ApiHome> => {
  const clock = { now: () => new Date() };
  // Requests are serialized: moto evaluates a condition and writes in two steps.
  const requestHandler = { httpAgent: { maxSockets: 1 } };
  const database = new DynamoDBClient({ ...moto.client, requestHandler });
  const secrets = new SecretsManagerClient({ ...moto.client, requestHandler });
  const s3 = new S3Client(moto.client);
  const sns = new SNSClient(moto.client);
  const fixture = await openJobFixture();
  const { inputBucket, outputBucket } = fixture.ports;
  const [accountsSecret, keysSecret, playbackSecret, siteParameter] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    `/${randomUUID()}/site`,
  ];
  for (const Bucket of [inputBucket, outputBucket]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  }
  await secrets.send(new CreateSecretCommand({ Name: accountsSecret }));
  await secrets.send(
    new CreateSecretCommand({
      Name: keysSecret,
      SecretString: JSON.stringify({ sessionKey: "k".repeat(43), responseKey: "r".repeat(43) }),
    }),
  );
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = {
    fingerprint: "f".repeat(64),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
  await secrets.send(
    new CreateSecretCommand({ Name: playbackSecret, SecretString: JSON.stringify({ keys: [key] }) }),
  );
  const { ARN: originVerifySecretArn } = await secrets.send(
    new CreateSecretCommand({ Name: randomUUID(), SecretString: originSecret }),
  );
  const ssm = new SSMClient(moto.client);
  await ssm.send(
    new PutParameterCommand({
      Name: siteParameter,
      Type: "String",
      Value: JSON.stringify({ domainName: host, keyIds: { [key.fingerprint]: "K1" }, originVerifySecretArn }),
    }),
  );
  const { TopicArn: topic = "" } = await sns.send(new CreateTopicCommand({ Name: randomUUID() }));
  const ecs = new ECSClient(moto.client);
  await ecs.send(new CreateClusterCommand({ clusterName: "workers" }));
  const table = await newTable(database, jobsTable);
  const tables = {
    channels: await newTable(database, channelsTable),
    detections: await newTable(database, detectionsTable),
    labels: await newTable(database, labelsTable),
    appearances: await newTable(database, appearancesTable),
  };
  await createDynamoAppearanceStore(database, tables, clock, () => 30).putSegment(archivedSegment);
  await s3.send(new PutObjectCommand({ Bucket: outputBucket, Key: archivedSegment.key, Body: "a segment" }));
  const environment: Record<string, string> = {
    AWS_ENDPOINT_URL: moto.client.endpoint,
    AWS_REGION: moto.client.region,
    AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
    CONFIGURATION: serializeApiConfiguration(configurationWithChannel),
    REELWAY_VERSION: "1.2.3",
    STAGE: "reelway-dev",
    JOBS_TABLE: table,
    TRANSCODER_TABLE: await newTable(database, transcoderTable),
    RESPONSES_TABLE: await newTable(database, responsesTable),
    INPUT_BUCKET: inputBucket,
    OUTPUT_BUCKET: outputBucket,
    TOPIC_ARN: topic,
    CLUSTER: "workers",
    API_KEYS_SECRET: keysSecret,
    ACCOUNTS_SECRET: accountsSecret,
    PLAYBACK_SECRET: playbackSecret,
    SITE_PARAMETER: siteParameter,
    STAGE_NAME: "dev",
    CHANNELS_TABLE: tables.channels,
    DETECTIONS_TABLE: tables.detections,
    LABELS_TABLE: tables.labels,
    APPEARANCES_TABLE: tables.appearances,
    WORKER_ARCHITECTURE: "X86_64",
    WORKER_SCRATCH_GIB: "50",
    CAPACITY_PROVIDER: "FARGATE",
    ASSIGN_PUBLIC_IP: "DISABLED",
  };
  const accounts = createSecretAccountStore(secrets, { accounts: accountsSecret, keys: keysSecret });
  let token = "";
  await accounts.update(async (stored) => {
    const created = createToken(
      await setUser(stored, user, clock.now()),
      { name: "operator", scope: "write", days: 1 },
      clock.now(),
    );
    token = created.token;
    return created.accounts;
  });
  const previous = { ...process.env };
  Object.assign(process.env, environment);
  const { handler } = await import("../../lambdas/api/index.ts");

  const send: ApiHome["send"] = async (path, { method, headers, body }) => {
    const event = createRequestEvent(method, path, {
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        // As CloudFront sends them.
        [originSecretHeader]: originSecret,
        "x-forwarded-host": host,
        // As a page of the server sends them: no other may sign in.
        "sec-fetch-site": "same-origin",
      },
      ...(body === undefined ? {} : { body }),
    });
    const answer = await handler(event, invocationContext as never);
    if (answer.isBase64Encoded) throw new Error("The body is binary.");
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      body: answer.body,
    };
  };
  const jobs = createDynamoJobStore(database, table, clock);
  const addJob = async (key: string): Promise<string> => {
    // A job that was not started: moto cannot stop a task that it does not run.
    fixture.fail("tasks.run", new TaskNotStarted("throttled", "rate"));
    const { VersionId: versionId } = await s3.send(
      new PutObjectCommand({ Bucket: inputBucket, Key: key, Body: "a film" }),
    );
    await claimUpload({ ...fixture.ports, jobs }, buildUploadEvent(key, versionId), {
      triggers: "all",
    }).catch(() => undefined);
    const [job] = await jobs.findBySource(inputBucket, key);
    if (job === undefined) throw new Error(`${key} was not claimed.`);
    return job.id;
  };
  let count = 0;
  return {
    document: parseOpenApi((await send("/openapi.json", { method: "GET", headers: {} })).body),
    send,
    async createExamples(operationId) {
      count += 1;
      return createExamples({ operationId, number: count, send, user, jobs, addJob });
    },
    failures: [],
    async close() {
      for (const name of Object.keys(environment)) delete process.env[name];
      Object.assign(process.env, previous);
      await fixture.close();
      for (const client of [database, secrets, s3, sns, ecs, ssm]) client.destroy();
    },
  };
};
