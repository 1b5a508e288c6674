import { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import {
  ElasticTranscoderClient,
  ListJobsByPipelineCommand,
  ListPipelinesCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import * as z from "zod";
import { createSecretAccountStore } from "../../adapters/aws/account-store.ts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createToken } from "../../pipeline/access/accounts.ts";
import { originSecretHeader } from "../../pipeline/access/origin-secret-header.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import { getRouteTaskSize } from "../../pipeline/routing/task-sizes.ts";
import type { Moto } from "../contract/moto.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { type DeployedFunction, downloadFunction } from "./deployed-function.ts";
import { queueEvent, receiveMessages } from "./messages.ts";
import type { Stage } from "./stage.ts";

const configuration = parseConfiguration(wholeConfiguration);
const allWell = { batchItemFailures: [] };
const apiAnswer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** A request as the SDK passes it to its handler. */
interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** ECS's event of a stopped container (Amazon ECS developer guide, Task state change events). */
const buildStoppedEvent = (task: Task, exitCode: number) => ({
  version: "0",
  id: "9bcdac79-b31f-4d3d-9410-fbd727c29fab",
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  account: "123456789012",
  time: new Date().toISOString(),
  region: "us-east-1",
  resources: [task.taskArn],
  detail: {
    clusterArn: task.clusterArn,
    taskArn: task.taskArn,
    taskDefinitionArn: task.taskDefinitionArn,
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: task.overrides?.containerOverrides?.map(({ name }) => ({ name, exitCode })),
    overrides: task.overrides,
  },
});

/** Puts an event onto the account's bus, as its service does. */
const putEvent = async (moto: Moto, event: ReturnType<typeof buildStoppedEvent>): Promise<void> => {
  const { source, "detail-type": DetailType, detail, resources } = event;
  const answer = await fetch(moto.client.endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AWSEvents.PutEvents",
      Authorization: "AWS4-HMAC-SHA256 Credential=AKIATEST/20261121/us-east-1/events/aws4_request",
    },
    body: JSON.stringify({
      Entries: [{ Source: source, DetailType, Detail: JSON.stringify(detail), Resources: resources }],
    }),
  });
  expect(await answer.json()).to.include({ FailedEntryCount: 0 });
};

/** A request event of an HTTP API (Amazon API Gateway developer guide, payload format 2.0). */
const requestEvent = ({ method, path, query, headers, body }: HttpRequest) => {
  const rawQueryString = Object.entries(query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString,
    headers,
    requestContext: {
      domainName: headers.host,
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      stage: "$default",
    },
    ...(typeof body === "string" ? { body } : {}),
    isBase64Encoded: false,
  };
};

/** Tests of the functions in a stage's applied stacks. */
export const testFunctions = (theStage: () => Stage): void => {
  const functions = new Map<string, DeployedFunction>();
  const call = (name: string, event: unknown): Promise<unknown> => {
    const deployedFunction = functions.get(name);
    if (deployedFunction === undefined) throw new Error(`${name} was not downloaded.`);
    return deployedFunction.call(event);
  };
  const upload = async (key: string) => {
    const { moto, deployment } = theStage();
    const { VersionId: versionId = "" } = await new S3Client(moto.client).send(
      new PutObjectCommand({ Bucket: deployment.inputBucket, Key: key, Body: "a film" }),
    );
    return { bucket: deployment.inputBucket, key, versionId };
  };
  const runningTasks = async (): Promise<readonly Task[]> => {
    const { moto, names } = theStage();
    const ecs = new ECSClient(moto.client);
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: names.cluster }));
    if (taskArns.length === 0) return [];
    return (
      (await ecs.send(new DescribeTasksCommand({ cluster: names.cluster, tasks: taskArns }))).tasks ?? []
    );
  };
  const jobs = () => {
    const { moto, names } = theStage();
    return createDynamoJobStore(new DynamoDBClient(moto.client), names.jobsTable, { now: () => new Date() });
  };
  /** Subscribes a queue to the topic of finished jobs. */
  const listen = async (): Promise<void> => {
    const { moto, names } = theStage();
    const sqs = new SQSClient(moto.client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "listener" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    await new SNSClient(moto.client).send(
      new SubscribeCommand({
        TopicArn: `arn:aws:sns:us-east-1:123456789012:${names.finishedJobsTopic}`,
        Protocol: "sqs",
        Endpoint: Attributes?.QueueArn,
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
  };

  before(async function () {
    this.timeout(180_000);
    const stage = theStage();
    const { names } = stage;
    for (const [stack, deployed] of [
      ["routing", [names.router, names.jobEvents, names.reconciler, names.sweep, names.onOutput]],
      ["api", [names.api]],
      ["transcoder", [names.transcoderApi, names.transcoderDispatcher, names.transcoderEvents]],
    ] as const) {
      const resources = await (await stage.open(stage.stack(stack))).resources();
      for (const name of deployed)
        functions.set(name, await downloadFunction(stage.moto, resources, name, stage.folder));
    }
  });

  it("router starts a task for an upload from EventBridge and SQS, with the expected overrides", async function () {
    this.timeout(180_000);
    const { moto, names } = theStage();
    const source = await upload("thumbnails/a b+ü.mp4");
    const answer = await call(names.router, await queueEvent(moto, names.router, 1));
    const [task, ...others] = await runningTasks();

    const route = configuration.routes.find(({ name }) => name === "thumbnails");
    const size = route && getRouteTaskSize(configuration.taskSizes, route);
    expect(answer).to.deep.equal(allWell);
    expect(others).to.deep.equal([]);
    expect(task?.overrides).to.deep.include({
      cpu: String(size?.cpu),
      memory: String(size?.memory),
    });
    expect(task?.overrides?.containerOverrides?.[0]).to.deep.include({ name: "ffmpeg", ...size });
    expect(task?.overrides?.containerOverrides?.[0]?.environment).to.have.deep.members([
      { name: "JOB_ID", value: computeJobId(source, "thumbnails") },
      { name: "JOB_TABLE", value: names.jobsTable },
      { name: "JOB_ATTEMPT", value: "1" },
    ]);
    expect(task?.taskDefinitionArn).to.match(new RegExp(`:task-definition/${names.workerTaskFamily}:\\d+$`));
  });

  it("router creates a job in the applied pipeline for the elastic-transcoder engine", async function () {
    this.timeout(180_000);
    const { moto, names } = theStage();
    const source = await upload("responses/talk.mp4");
    const answer = await call(names.router, await queueEvent(moto, names.router, 1));
    const client = await theStage().transcoder();
    const { Pipelines = [] } = await client.send(new ListPipelinesCommand({}));
    const PipelineId = Pipelines.find(({ Name }) => Name === names.transcoderPipeline)?.Id;
    const { Jobs = [] } = await client.send(new ListJobsByPipelineCommand({ PipelineId }));

    expect(answer).to.deep.equal(allWell);
    expect(
      Jobs.map(({ Input, Output, UserMetadata }) => [
        Input?.Key,
        Output?.PresetId,
        UserMetadata?.["reelway-job"],
      ]),
    ).to.deep.equal([["responses/talk.mp4", "1351620000001-100070", computeJobId(source, "responses")]]);
  });

  it("job-events closes the job of a stopped task and publishes to the topic", async function () {
    this.timeout(180_000);
    const { moto, names } = theStage();
    await listen();
    const [task] = await runningTasks();
    if (task === undefined) throw new Error("No task runs.");
    await putEvent(moto, buildStoppedEvent(task, 65));
    const answer = await call(names.jobEvents, await queueEvent(moto, names.jobEvents, 1));
    const of = task.overrides?.containerOverrides?.[0]?.environment?.find(({ name }) => name === "JOB_ID");
    const job = await jobs().read(of?.value ?? "");
    const [message] = await receiveMessages(moto, "listener", 1);

    expect(answer).to.deep.equal(allWell);
    expect(job).to.deep.include({ status: "Error", attempt: 1, engineJobId: task.taskArn });
    expect(job?.error?.retryable).to.equal(false);
    expect(JSON.parse(message?.Body ?? "")).to.deep.include({
      id: job?.id,
      status: "Error",
      error: job?.error,
    });
  });

  it("transcoder-events ignores a task that is not the transcoder's", async function () {
    this.timeout(180_000);
    const { moto, names } = theStage();
    const event = await queueEvent(moto, names.transcoderEvents, 1);
    expect(await call(names.transcoderEvents, event)).to.deep.equal(allWell);
  });

  it("on-output receives the event of a new thumbnail", async function () {
    this.timeout(180_000);
    const { moto, names, deployment } = theStage();
    await new S3Client(moto.client).send(
      new PutObjectCommand({ Bucket: deployment.outputBucket, Key: "thumb/clip.mp4.png", Body: "a picture" }),
    );
    const event = await queueEvent(moto, names.onOutput, 1);
    expect(await call(names.onOutput, event)).to.deep.equal(allWell);
  });

  it("the scheduled functions find the account's resources", async function () {
    this.timeout(180_000);
    const { names } = theStage();
    const scheduled = (name: string) => call(name, { schedule: name });
    expect(await scheduled(names.reconciler)).to.deep.include({ failed: 0 });
    expect(await scheduled(names.sweep)).to.deep.include({ claimed: 0, failed: 0 });
    expect(await scheduled(names.transcoderDispatcher)).to.deep.include({ started: 0 });
  });

  it("the HTTP API accepts a token of the accounts, and signs uploads to the input bucket", async function () {
    this.timeout(180_000);
    const { names, moto, deployment } = theStage();
    const secrets = new SecretsManagerClient(moto.client);
    const { SecretString: originSecret = "" } = await secrets.send(
      new GetSecretValueCommand({ SecretId: names.originSecret }),
    );
    const accounts = createSecretAccountStore(secrets, {
      accounts: names.accounts,
    });
    let token = "";
    await accounts.update((stored) => {
      const created = createToken(stored, { name: "test", scope: "write", days: 1 }, new Date());
      token = created.token;
      return created.accounts;
    });
    const request = async (path: string, query: HttpRequest["query"], headers: HttpRequest["headers"]) => {
      const event = requestEvent({
        method: "GET",
        path,
        query,
        // As CloudFront sends them.
        headers: { host: "api.example.com", [originSecretHeader]: originSecret, ...headers },
      });
      const { statusCode, body } = apiAnswer.parse(await call(names.api, event));
      return { statusCode, body: JSON.parse(body) };
    };
    const authorization = `Bearer ${token}`;
    const [direct, anonymous, list, form] = [
      await request("/jobs", {}, { authorization, [originSecretHeader]: "" }),
      await request("/jobs", {}, {}),
      await request("/jobs", { limit: 10 }, { authorization }),
      await request("/s3/params", { filename: "a.mp4", type: "video/mp4" }, { authorization }),
    ];

    expect(direct).to.deep.include({ statusCode: 421 });
    expect(anonymous).to.deep.include({ statusCode: 401 });
    expect(list.statusCode, JSON.stringify(list.body)).to.equal(200);
    expect(list.body.jobs.map(({ status }: { status: string }) => status)).to.include("Error");
    expect(form.body.url).to.equal(`${moto.client.endpoint}/${deployment.inputBucket}`);
  });

  it("the transcoder API accepts requests signed with a key of the secret", async function () {
    this.timeout(180_000);
    const { names, moto } = theStage();
    const client = new ElasticTranscoderClient({
      region: moto.client.region,
      endpoint: "https://transcoder.example.com",
      credentials: await theStage().transcoderKey(),
      requestHandler: {
        async handle(request: HttpRequest) {
          const { statusCode, headers, body } = apiAnswer.parse(
            await call(names.transcoderApi, requestEvent(request)),
          );
          return { response: { statusCode, headers, body: Readable.from([body]) } };
        },
      },
    });
    expect((await client.send(new ListPipelinesCommand({}))).Pipelines).to.deep.equal([]);
  });
};
