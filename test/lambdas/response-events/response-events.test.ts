import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { serializeJobConfiguration } from "../../../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { computeJobId } from "../../../pipeline/jobs/job-id.ts";
import configured from "../../../reelway.config.ts";
import { createObjectCreatedEvent, createSqsEvent } from "../../../runtime/upload-events.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";
import { invocationContext } from "../invocation-context.ts";

const environment: Record<string, string> = {
  CONFIGURATION: serializeJobConfiguration(parseConfiguration(configured)),
  JOBS_TABLE: "jobs",
  RESPONSES_TABLE: "responses",
  INPUT_BUCKET: "in",
  AWS_REGION: "us-east-1",
  STAGE: "reelway-dev",
};
const stem = `responses/course/1/${"a".repeat(64)}`;
const video = `${stem}.webm`;
const at = "2026-11-21T03:00:00.000Z";
const item = {
  ProjectStep: "course-1",
  Mail: "ann@example.org",
  Project: "course",
  Step: "1",
  video,
  videoKeyStem: stem,
  status: "Requested",
  createdAt: at,
  createdAtId: `${at}#${stem}`,
  updatedAt: at,
  expiresAt: 1_795_000_000,
  revision: 1,
};
const upload = { bucket: "in", key: video, versionId: "v", etag: '"e"', bytes: 5 };
const jobId = computeJobId(upload, "responses");
const uploaded = (modifiedAt: string, fields: Partial<typeof upload> = {}) =>
  createObjectCreatedEvent({ ...upload, modifiedAt, metadata: {}, sequencer: "0A", ...fields });
const finished = (status: "Complete" | "Error") => ({
  id: jobId,
  attempt: 1,
  status,
  source: { bucket: "in", key: video, versionId: "v" },
  outputs: [],
});

describe("the function response-events", () => {
  const untouched = { ...process.env };
  const sandbox = sinon.createSandbox();
  let handler: typeof import("../../../lambdas/response-events/index.ts").handler;
  let sent: unknown[];
  let row: Record<string, unknown> | undefined;
  let job: Record<string, unknown> | undefined;
  before(async () => {
    Object.assign(process.env, environment);
    ({ handler } = await import("../../../lambdas/response-events/index.ts"));
  });
  after(() => {
    for (const name of Object.keys(environment)) delete process.env[name];
    Object.assign(process.env, untouched);
  });
  beforeEach(() => {
    row = item;
    job = undefined;
    sent = [];
    sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async (command: unknown) => {
      sent.push(command);
      if (command instanceof QueryCommand) return { Items: row === undefined ? [] : [marshall(row)] };
      if (command instanceof GetItemCommand) {
        const found = command.input.TableName === "jobs" ? job : row;
        return found === undefined ? {} : { Item: marshall(found, { removeUndefinedValues: true }) };
      }
      return { Attributes: marshall({ changed: true }) };
    });
  });
  afterEach(() => sandbox.restore());

  const send = (...messages: readonly unknown[]) =>
    handler(
      {
        Records: messages.flatMap(
          (one, index) => (createSqsEvent(`m${index}`, one) as { Records: unknown[] }).Records,
        ),
      },
      invocationContext,
    );
  const listUpdates = () =>
    sent
      .filter((command) => command instanceof UpdateItemCommand)
      .map(({ input }) => {
        const { Key, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = input;
        const set = Object.fromEntries(
          Object.entries(names)
            .filter(([name]) => /^#s\d+$/.test(name))
            .map(([name, attribute]) => [attribute, unmarshall(values)[name.replace("#", ":")]]),
        );
        return { key: unmarshall(Key ?? {}), condition: input.ConditionExpression, set };
      });

  it("brings the row of an uploaded video to its new job, without an expiry", async () => {
    expect(await send(uploaded(at))).to.deep.equal({ batchItemFailures: [] });
    const [update, ...others] = listUpdates();
    expect(others).to.deep.equal([]);
    expect(update?.key).to.deep.equal({ ProjectStep: "course-1", Mail: "ann@example.org" });
    expect(update?.condition).to.equal("revision = :revision");
    expect(update?.set).to.deep.include({
      status: "Submitted",
      jobId,
      video,
      version: { sequencer: "0A", modifiedAt: at },
      expiresAt: undefined,
      revision: 2,
    });
    const [query] = sent.filter((command) => command instanceof QueryCommand);
    expect(query?.input).to.include({ TableName: "responses", IndexName: "video-key-stem" });
  });

  it("takes the status from the job's record, whatever the message says", async () => {
    const { job: record } = listedJob("j");
    job = {
      ...record,
      id: jobId,
      status: "Complete",
      source: { ...upload, sequencer: "0B", modifiedAt: at },
    };
    await send(finished("Error"));
    expect(listUpdates()[0]?.set).to.deep.include({
      status: "Complete",
      jobId,
      version: { sequencer: "0B", modifiedAt: at },
    });
    row = { ...item, status: "Complete", jobId, revision: 2 };
    sent = [];
    await send(finished("Complete"), uploaded(at));
    expect(listUpdates()).to.deep.equal([]);
  });

  it("ignores other objects and other buckets", async () => {
    const other = { key: "responses/course/1/film.mp4" };
    expect(await send(uploaded(at, other), uploaded(at, { bucket: "out" }))).to.deep.equal({
      batchItemFailures: [],
    });
    expect(sent).to.deep.equal([]);
  });

  it("returns the event of a recent upload whose row is not in the index yet, and drops an old one", async () => {
    row = undefined;
    const answer = await send(uploaded(new Date().toISOString()), uploaded(at), finished("Complete"));
    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: "m0" }] });
    expect(listUpdates()).to.deep.equal([]);
  });

  it("fails for an event that is not a batch, so that it is delivered again", async () => {
    sandbox.restore();
    sandbox.stub(DynamoDBClient.prototype, "send").rejects(new Error("no table"));
    const failure = await handler(uploaded(at), invocationContext).catch((cause: unknown) => cause);
    expect(String(failure)).to.include("no table");
  });
});
