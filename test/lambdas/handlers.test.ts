import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeTasksCommand, ECSClient, RunTaskCommand } from "@aws-sdk/client-ecs";
import { HeadObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import sinon from "sinon";
import { serializeJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import defaults from "../../reelway.config.ts";
import { invocationContext } from "./invocation-context.ts";

const environment: Record<string, string> = {
  CONFIGURATION: serializeJobConfiguration(parseConfiguration(defaults)),
  OUTPUT_BUCKET: "out",
  INPUT_BUCKET: "in",
  JOBS_TABLE: "jobs",
  RESPONSES_TABLE: "responses",
  TOPIC_ARN: "arn:aws:sns:us-east-1:1:jobs",
  TRANSCODER_KEYS_SECRET: "keys",
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: "https://transcoder.example",
  AWS_REGION: "us-east-1",
  STAGE: "reelway-dev",
  STAGE_NAME: "dev",
  ROLE_NAME: "reelway-dev-router",
  TRANSCODER_PIPELINE_ID: "1111111111111-reelwy",
  CLUSTER: "cluster",
  TASK_DEFINITION: "worker:1",
  CONTAINER_NAME: "worker",
  SUBNETS: "subnet-1,subnet-2",
  SECURITY_GROUPS: "sg-1",
};

describe("function handlers on AWS", () => {
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

  it("router claims an upload, runs a task and records it", async () => {
    const sent: unknown[] = [];
    sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async (command: unknown) => {
      sent.push(command);
      return command instanceof UpdateItemCommand ? { Attributes: { id: { S: "changed" } } } : {};
    });
    const ecs = sandbox
      .stub(ECSClient.prototype, "send")
      .callsFake(async () => ({ tasks: [{ taskArn: "arn:task/1" }], failures: [] }));
    const s3 = sandbox
      .stub(S3Client.prototype, "send")
      .callsFake(async () => ({ ETag: '"e"', ContentLength: 5, Metadata: { "reelway-owner": "ann" } }));
    const { handler } = await import("../../lambdas/router/index.ts");
    const answer = await handler(
      {
        "detail-type": "Object Created",
        source: "aws.s3",
        detail: { bucket: { name: "in" }, object: { key: "a.mkv", size: 5, "version-id": "v" } },
      },
      invocationContext,
    );
    expect(answer).to.eql({ batchItemFailures: [] });
    const claims = sent.filter((command) => command instanceof PutItemCommand);
    expect(claims.map(({ input }) => input.TableName)).to.eql(["jobs"]);
    const id = computeJobId({ bucket: "in", key: "a.mkv", versionId: "v" }, "ladder");
    expect(claims[0]?.input.Item).to.deep.include({ id: { S: id }, ownerId: { S: "ann" } });
    expect(s3.firstCall.args[0].input).to.eql({ Bucket: "in", Key: "a.mkv", VersionId: "v" });
    expect(claims[0]?.input.ConditionExpression).to.include("attribute_not_exists");
    const updates = sent.filter((command) => command instanceof UpdateItemCommand);
    expect(updates.map(({ input }) => input.Key)).to.deep.include({ id: { S: id } });
    const [run] = ecs.firstCall.args;
    expect(run).to.be.instanceOf(RunTaskCommand);
    const variables = [
      { name: "JOB_ID", value: id },
      { name: "JOB_TABLE", value: "jobs" },
      { name: "JOB_ATTEMPT", value: "1" },
    ];
    expect(run.input).to.containSubset({
      cluster: "cluster",
      taskDefinition: "worker:1",
      clientToken: `${id}-1`,
      overrides: { containerOverrides: [{ name: "worker", environment: variables }] },
    });
  });

  it("job-events reads the job of a stopped task", async () => {
    const dynamo = sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async () => ({}));
    const { handler } = await import("../../lambdas/job-events/index.ts");
    await handler(
      {
        "detail-type": "ECS Task State Change",
        detail: {
          taskArn: "t",
          lastStatus: "STOPPED",
          overrides: {
            containerOverrides: [
              {
                environment: [
                  { name: "JOB_ID", value: "a".repeat(52) },
                  { name: "JOB_ATTEMPT", value: "1" },
                ],
              },
            ],
          },
        },
      },
      invocationContext,
    );
    const [read] = dynamo.firstCall.args;
    expect(read).to.be.instanceOf(GetItemCommand);
    expect(read.input).to.deep.include({ TableName: "jobs", Key: { id: { S: "a".repeat(52) } } });
    // There is no such job: nothing is changed.
    expect(dynamo.getCalls().filter(({ args }) => args[0] instanceof UpdateItemCommand)).to.eql([]);
  });

  it("reconciler finds nothing to do in an empty table", async () => {
    const dynamo = sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async () => ({ Items: [] }));
    const ecs = sandbox.stub(ECSClient.prototype, "send");
    const { handler } = await import("../../lambdas/reconciler/index.ts");
    expect(await handler({}, invocationContext)).to.eql({ started: 0, reconciled: 0, resent: 0, failed: 0 });
    const queries = dynamo.getCalls().map(({ args: [query] }) => query.input);
    expect(new Set(queries.map((query) => "TableName" in query && query.TableName))).to.eql(
      new Set(["jobs"]),
    );
    expect(ecs.getCalls().filter(({ args }) => args[0] instanceof DescribeTasksCommand)).to.eql([]);
  });

  it("on-output reads a new object, and no job if it has none", async () => {
    const s3 = sandbox.stub(S3Client.prototype, "send").callsFake(async () => ({ Metadata: {} }));
    const dynamo = sandbox.stub(DynamoDBClient.prototype, "send");
    const { handler } = await import("../../lambdas/on-output/index.ts");
    const created = {
      "detail-type": "Object Created",
      source: "aws.s3",
      detail: { bucket: { name: "out" }, object: { key: "thumb/a.png", size: 5, "version-id": "v" } },
    };
    const answer = await handler(
      {
        Records: [{ eventSource: "aws:sqs", messageId: "m", body: JSON.stringify(created) }],
      },
      invocationContext,
    );
    expect(answer).to.eql({ batchItemFailures: [] });
    const [head] = s3.firstCall.args;
    expect(head).to.be.instanceOf(HeadObjectCommand);
    expect(head.input).to.eql({ Bucket: "out", Key: "thumb/a.png", VersionId: "v" });
    expect(dynamo.callCount).to.equal(0);
  });

  it("on-job-finished accepts a finished job without a call of AWS, and returns another message", async () => {
    const clients = [DynamoDBClient, S3Client, ECSClient].map((client) =>
      sandbox.stub(client.prototype, "send"),
    );
    const { handler } = await import("../../lambdas/on-job-finished/index.ts");
    const job = {
      id: "a".repeat(52),
      attempt: 1,
      status: "Complete",
      source: { bucket: "in", key: "a.mkv" },
      outputs: [],
    };
    const answer = await handler(
      {
        Records: [job, { ...job, id: "b" }].map((body, index) => ({
          eventSource: "aws:sqs",
          messageId: `m${index}`,
          body: JSON.stringify(body),
        })),
      },
      invocationContext,
    );
    expect(answer).to.eql({ batchItemFailures: [{ itemIdentifier: "m1" }] });
    expect(clients.map(({ callCount }) => callCount)).to.eql([0, 0, 0]);
  });

  it("sweep registers the routes, then lists the versions of the input bucket", async () => {
    const dynamo = sandbox
      .stub(DynamoDBClient.prototype, "send")
      .callsFake(async (command: unknown) =>
        command instanceof UpdateItemCommand ? { Attributes: { id: { S: "routes#in" } } } : {},
      );
    const s3 = sandbox.stub(S3Client.prototype, "send").callsFake(async () => ({ Versions: [] }));
    const { handler } = await import("../../lambdas/sweep/index.ts");
    expect(await handler({}, invocationContext)).to.eql({ seen: 0, claimed: 0, failed: 0 });
    const [list] = s3.firstCall.args;
    expect(list).to.be.instanceOf(ListObjectVersionsCommand);
    expect(list.input).to.include({ Bucket: "in" });
    const keys = dynamo.getCalls().map(({ args: [command] }) => "Key" in command.input && command.input.Key);
    expect(keys).to.eql(["routes#in", "routes#in", "sweep#in"].map((id) => ({ id: { S: id } })));
  });
});
