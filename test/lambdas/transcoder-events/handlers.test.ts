import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import sinon from "sinon";
import { serializeJobConfiguration } from "../../../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";
import { invocationContext } from "../invocation-context.ts";

const environment: Record<string, string> = {
  CONFIGURATION: serializeJobConfiguration(parseConfiguration(defaults)),
  TRANSCODER_TABLE: "transcoder",
  JOBS_TABLE: "jobs",
  TRANSCODER_KEYS_SECRET: "keys",
  DISPATCHER_QUEUE_URL: "https://queue.example/1/dispatcher",
  AWS_REGION: "us-east-1",
  STAGE: "reelway-dev",
  ACCOUNT_ID: "000000000000",
  CLUSTER: "cluster",
  TASK_DEFINITION: "worker:1",
  CONTAINER_NAME: "worker",
  SUBNETS: "subnet-1",
  SECURITY_GROUPS: "sg-1",
  MAX_CONCURRENT_JOBS: "100",
};

describe("transcoder function handlers on AWS", () => {
  const untouched = { ...process.env };
  const sandbox = sinon.createSandbox();
  before(() => {
    Object.assign(process.env, environment);
  });
  after(() => {
    for (const name of Object.keys(environment)) delete process.env[name];
    Object.assign(process.env, untouched);
  });
  afterEach(() => sandbox.restore());

  it("transcoder-api rejects a request without a signature and writes nothing", async () => {
    const database = sandbox.stub(DynamoDBClient.prototype, "send").resolves({});
    sandbox.stub(SecretsManagerClient.prototype, "send").callsFake(async () => ({
      SecretString: JSON.stringify({ keys: [{ accessKeyId: "A", secretAccessKey: "s", scope: "full" }] }),
    }));
    const { handler } = await import("../../../lambdas/transcoder-api/index.ts");
    const event = {
      version: "2.0",
      routeKey: "$default",
      rawPath: "/2012-09-25/jobs",
      rawQueryString: "",
      headers: { host: "api.example" },
      requestContext: { http: { method: "POST", path: "/2012-09-25/jobs" }, domainName: "api.example" },
      body: "{}",
      isBase64Encoded: false,
    };
    const answer: unknown = await Reflect.apply(handler, undefined, [event, {}]);
    expect(answer).to.deep.include({ statusCode: 403 });
    expect(database.getCalls().some(({ args: [command] }) => command instanceof PutItemCommand)).to.equal(
      false,
    );
  });

  it("transcoder-dispatcher reads pipelines, and no jobs without pipelines", async () => {
    const database = sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async () => ({ Items: [] }));
    const { handler } = await import("../../../lambdas/transcoder-dispatcher/index.ts");
    const dispatchRequest = { eventSource: "aws:sqs", messageId: "m", body: '{"reason":"task stopped"}' };
    expect(await handler({ Records: [dispatchRequest] }, invocationContext)).to.deep.equal({
      started: 0,
      batchItemFailures: [],
    });
    expect(database.callCount).to.equal(1);
  });

  it("transcoder-dispatcher on a schedule reconciles jobs and sends notifications", async () => {
    const requests: unknown[] = [];
    sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async (command: unknown) => {
      if (command instanceof QueryCommand) requests.push(command.input.IndexName);
      return { Items: [] };
    });
    const { handler } = await import("../../../lambdas/transcoder-dispatcher/index.ts");
    await handler({ "detail-type": "Scheduled Event", source: "aws.events", detail: {} }, invocationContext);
    expect(requests).to.deep.equal(["status-created", "unnotified", "status-created"]);
  });

  it("transcoder-events reads the job of a stopped task and wakes the dispatcher", async () => {
    const database = sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async () => ({}));
    const queue = sandbox.stub(SQSClient.prototype, "send").callsFake(async () => ({}));
    const { handler } = await import("../../../lambdas/transcoder-events/index.ts");
    await handler(
      {
        "detail-type": "ECS Task State Change",
        detail: {
          taskArn: "task",
          lastStatus: "STOPPED",
          overrides: {
            containerOverrides: [{ environment: [{ name: "JOB_ID", value: "1111111111111-abcdef" }] }],
          },
        },
      },
      invocationContext,
    );
    expect(database.getCalls().map(({ args: [command] }) => command.input)).to.containSubset([
      { TableName: "transcoder", Key: { id: { S: "1111111111111-abcdef" } } },
    ]);
    expect(queue.getCalls().map(({ args: [command] }) => command.input)).to.containSubset([
      { QueueUrl: "https://queue.example/1/dispatcher" },
    ]);
    expect(database.callCount).to.equal(1);
    expect(queue.callCount).to.equal(1);
  });
});
