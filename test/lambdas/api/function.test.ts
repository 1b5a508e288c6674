import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ECSClient, StopTaskCommand } from "@aws-sdk/client-ecs";
import { CreateMultipartUploadCommand, HeadObjectCommand, NotFound, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { createAccounts, createToken } from "../../../pipeline/access/accounts.ts";
import { createTextSigner } from "../../../pipeline/access/text-signer.ts";
import { serializeApiConfiguration } from "../../../pipeline/configuration/job-configuration.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { hashSource } from "../../../pipeline/jobs/job-id.ts";
import defaults from "../../../reelway.config.ts";
import { configurationWithChannel } from "../../runtime/server/api-channels.ts";
import { invocationContext } from "../invocation-context.ts";
import { createRequestEvent } from "./request-event.ts";

const origin = "https://app.example.com";
const environment: Record<string, string> = {
  CONFIGURATION: serializeApiConfiguration(configurationWithChannel),
  REELWAY_VERSION: "1.2.3",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "AKIATEST",
  AWS_SECRET_ACCESS_KEY: "test",
  STAGE: "reelway-dev",
  JOBS_TABLE: "jobs",
  TRANSCODER_TABLE: "transcoder",
  RESPONSES_TABLE: "responses",
  INPUT_BUCKET: "uploads",
  OUTPUT_BUCKET: "outputs",
  TOPIC_ARN: "arn:aws:sns:us-east-1:123456789012:finished",
  CLUSTER: "workers",
  API_KEYS_SECRET: "api",
  ACCOUNTS_SECRET: "accounts",
  PLAYBACK_SECRET: "playback",
  SITE_PARAMETER: "/reelway/dev/site",
  STAGE_NAME: "dev",
  CHANNELS_TABLE: "channels",
  DETECTIONS_TABLE: "detections",
  LABELS_TABLE: "labels",
  APPEARANCES_TABLE: "appearances",
  WORKER_ARCHITECTURE: "X86_64",
  WORKER_SCRATCH_GIB: "50",
  CAPACITY_PROVIDER: "FARGATE",
  ASSIGN_PUBLIC_IP: "DISABLED",
  ALLOWED_ORIGINS: origin,
};

const { accounts, token: writeToken } = createToken(
  createAccounts(),
  { name: "backup", scope: "write", days: 1 },
  new Date(),
);
const { accounts: accountsOfUser, token: userToken } = createToken(
  accounts,
  { name: "ann", scope: "write", days: 1, ownerId: "anns-id" },
  new Date(),
);
const { accounts: allAccounts, token: readToken } = createToken(
  accountsOfUser,
  { name: "monitor", scope: "read", days: 1 },
  new Date(),
);

const id = "a".repeat(52);
const job: Job = {
  id,
  route: "films",
  engine: "ffmpeg",
  recipe: "ladder",
  status: "Progressing",
  attempt: 1,
  maxAttempts: 3,
  source: { bucket: "uploads", key: "a.mp4", bytes: 5, etag: '"e"', versionId: "v" },
  specification: null,
  engineJobId: "arn:task/1",
  progress: { percent: 10, phase: "encoding" },
  outputs: [],
  error: null,
  createdAt: "2026-11-29T12:00:00.000Z",
  updatedAt: "2026-11-29T12:00:01.000Z",
  history: [],
};

describe("the function api", () => {
  const untouched = { ...process.env };
  const sandbox = sinon.createSandbox();
  let sent: unknown[];
  let storedJob: Job | undefined;
  /** Version of the upload; undefined if it was removed. */
  let storedVersion: string | undefined;
  before(() => {
    Object.assign(process.env, environment);
  });
  after(() => {
    for (const name of Object.keys(environment)) delete process.env[name];
    Object.assign(process.env, untouched);
  });
  beforeEach(() => {
    sent = [];
    storedJob = job;
    storedVersion = "v";
    const record = (command: unknown): void => void sent.push(command);
    sandbox.stub(SecretsManagerClient.prototype, "send").callsFake(async (command: unknown) => {
      if (!(command instanceof GetSecretValueCommand)) throw new Error("Unexpected call");
      const { sessionKey, responseKey, ...stored } = allAccounts;
      return {
        SecretString: JSON.stringify(command.input.SecretId === "api" ? { sessionKey, responseKey } : stored),
        VersionId: "1",
      };
    });
    sandbox.stub(SSMClient.prototype, "send").callsFake(async (command: unknown) => {
      if (!(command instanceof GetParameterCommand)) throw new Error("Unexpected call");
      throw new ParameterNotFound({ message: "The site is not deployed.", $metadata: {} });
    });
    sandbox.stub(DynamoDBClient.prototype, "send").callsFake(async (command: unknown) => {
      record(command);
      if (command instanceof UpdateItemCommand && command.input.TableName === "channels")
        return { Attributes: {} };
      if (command instanceof GetItemCommand && command.input.TableName === "channels") return {};
      const Item = storedJob && marshall(storedJob, { removeUndefinedValues: true });
      if (command instanceof GetItemCommand) return { Item };
      if (command instanceof QueryCommand) return { Items: [] };
      if (!(command instanceof UpdateItemCommand)) throw new Error("Unexpected call");
      storedJob = storedJob && { ...storedJob, status: "Canceled" };
      return { Attributes: storedJob && marshall(storedJob, { removeUndefinedValues: true }) };
    });
    for (const client of [ECSClient, SNSClient])
      sandbox.stub(client.prototype, "send").callsFake(async (command: unknown) => {
        record(command);
        return {};
      });
    sandbox.stub(S3Client.prototype, "send").callsFake(async (command: unknown) => {
      record(command);
      if (!(command instanceof HeadObjectCommand)) return { UploadId: "s3-upload" };
      if (storedVersion === undefined) throw new NotFound({ message: "missing", $metadata: {} });
      return { VersionId: storedVersion, ETag: '"e"', ContentLength: 5, ContentType: "video/quicktime" };
    });
  });
  afterEach(() => sandbox.restore());

  const call = async (
    method: string,
    path: string,
    options: {
      readonly token?: string;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    } = {},
  ) => {
    const { token, headers = {}, body } = options;
    const { handler } = await import("../../../lambdas/api/index.ts");
    const result = await handler(
      createRequestEvent(method, path, {
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
        ...(body === undefined ? {} : { body }),
      }),
      invocationContext as never,
    );
    const { statusCode, headers: responseHeaders = {}, body: text } = result;
    return { statusCode, headers: responseHeaders, body: text };
  };
  const getSent = <Command>(type: new (...parameters: never[]) => Command): Command[] =>
    sent.filter((command): command is Command => command instanceof type);

  it("describes the API to everyone, with Reelway's version", async () => {
    const { statusCode, headers, body } = await call("GET", "/openapi.json");

    expect(statusCode).to.equal(200);
    expect(JSON.parse(body).info).to.deep.include({ title: "Reelway", version: "1.2.3" });
    // Events stream and requests wait only where the platform holds responses open.
    expect(Object.keys(JSON.parse(body).paths)).to.not.include("/jobs/{id}/events");
    expect(headers).to.include({
      "strict-transport-security": "max-age=63072000",
      "x-content-type-options": "nosniff",
    });
  });

  it("returns the reference page to everyone", async () => {
    const { statusCode, headers, body } = await call("GET", "/reference");

    expect(statusCode).to.equal(200);
    expect(headers).to.include({ "content-type": "text/html; charset=utf-8" });
    expect(headers["content-security-policy"]).to.include("default-src 'none'; style-src 'sha256-");
    expect(body).to.include("Version 1.2.3").and.to.include('id="operation-cancelJob"');
    expect(body).to.not.include("streamJobEvents");
  });

  it("responds to requests without credentials, and to unknown paths, with problems", async () => {
    const anonymous = await call("GET", "/jobs");
    const unknown = await call("GET", "/nothing", { token: readToken });

    expect(anonymous.statusCode).to.equal(401);
    expect(JSON.parse(anonymous.body)).to.include({ type: "/problems/authentication-required" });
    expect(unknown.statusCode).to.equal(404);
    expect(unknown.headers["content-type"]).to.equal("application/problem+json");
    expect(JSON.parse(unknown.body)).to.include({
      type: "/problems/path-not-found",
      detail:
        "Path /nothing does not exist. Available paths: /reference, /openapi.json, /jobs, /videos, /channels, /routes.",
    });
    expect(sent).to.deep.equal([]);
  });

  it("lists jobs for a token, and says so if they are unchanged", async () => {
    const first = await call("GET", "/jobs?limit=5", { token: readToken });
    const etag = String(first.headers.etag);
    const second = await call("GET", "/jobs?limit=5", {
      token: readToken,
      headers: { "if-none-match": etag },
    });

    expect(JSON.parse(first.body)).to.deep.equal({ jobs: [], cursor: null, engines: [] });
    expect(second).to.include({ statusCode: 304, body: "" });
    expect(getSent(QueryCommand).every(({ input }) => input.TableName === "jobs")).to.equal(true);
  });

  it("finds the jobs of a key by the index of the source, and only those of the caller", async () => {
    const key = "films/ü *?.mp4";
    const { statusCode } = await call("GET", `/jobs?${new URLSearchParams({ key })}`, { token: userToken });

    expect(statusCode).to.equal(200);
    expect(
      getSent(QueryCommand).map(({ input }) => [input.IndexName, input.ExpressionAttributeValues]),
    ).to.deep.equal([["source", marshall({ ":hash": hashSource("uploads", key) })]]);
  });

  it("signs a URL of exactly the version of a video's upload, which a browser saves by its name", async () => {
    const { statusCode, headers, body } = await call("GET", `/videos/${id}/source`, { token: readToken });

    expect(statusCode, body).to.equal(200);
    expect(headers["cache-control"]).to.equal("no-store");
    const { url, ...source } = JSON.parse(body);
    const { hostname, pathname, searchParams } = new URL(url);
    expect([hostname, pathname]).to.deep.equal(["uploads.s3.us-east-1.amazonaws.com", "/a.mp4"]);
    expect(Object.fromEntries(searchParams)).to.include({
      versionId: "v",
      "X-Amz-Expires": "3600",
      "response-content-disposition": "attachment; filename*=UTF-8''a.mp4",
    });
    expect(source).to.include({ fileName: "a.mp4", contentType: "video/quicktime", bytes: 5 });
    expect(getSent(HeadObjectCommand).map(({ input }) => input)).to.deep.equal([
      { Bucket: "uploads", Key: "a.mp4", VersionId: "v" },
    ]);
  });

  it("signs nothing for another user, nor an upload that does not exist any more", async () => {
    const foreign = await call("GET", `/videos/${id}/source`, { token: userToken });
    storedVersion = undefined;
    const removed = await call("GET", `/videos/${id}/source`, { token: readToken });

    for (const [answer, type] of [
      [foreign, "/problems/video-not-found"],
      [removed, "/problems/object-not-found"],
    ] as const)
      expect([answer.statusCode, JSON.parse(answer.body).type]).to.deep.equal([404, type]);
    expect(getSent(HeadObjectCommand)).to.have.length(1);
  });

  it("estimates the cost of a job by the hardware of the stage, for its owner", async () => {
    storedJob = {
      ...job,
      status: "Complete",
      history: [
        { at: "2026-11-29T12:00:00.000Z", status: "Progressing", attempt: 1, detail: "" },
        { at: "2026-11-29T13:00:00.000Z", status: "Complete", attempt: 1, detail: "" },
      ],
    };
    const { statusCode, body } = await call("GET", `/jobs/${id}/cost`, { token: readToken });

    expect(statusCode, body).to.equal(200);
    // 4 × 0.04048 + 8 × 0.004445 + 30 × 0.000111
    expect(JSON.parse(body)).to.deep.include({
      usd: 0.20081,
      reason: null,
      capacityProvider: "FARGATE",
      priceList: { region: "us-east-1", year: "2025" },
    });
    expect((await call("GET", `/jobs/${id}/cost`, { token: userToken })).statusCode).to.equal(404);
  });

  it("lists the routes of its configuration for a token", async () => {
    const { statusCode, body } = await call("GET", "/routes", { token: readToken });

    expect(statusCode).to.equal(200);
    expect(JSON.parse(body).routes.map(({ name }: { readonly name: string }) => name)).to.deep.equal(
      defaults.routes.map(({ name }) => name),
    );
    expect((await call("GET", "/routes")).statusCode).to.equal(401);
    expect(sent).to.deep.equal([]);
  });

  it("shows the stage's channels to an operator, from exactly their tables", async () => {
    const { statusCode, body } = await call("GET", "/channels", { token: readToken });
    const others = await call("GET", "/channels", { token: userToken });

    expect(statusCode, body).to.equal(200);
    const [channel, ...rest] = JSON.parse(body).channels;
    expect(rest).to.deep.equal([]);
    expect(channel).to.deep.include({ name: "news", status: "pending", paused: false, current: [] });
    expect(JSON.parse(others.body)).to.deep.equal({ channels: [] });
    expect(
      getSent(GetItemCommand).map(({ input: { TableName, Key = {} } }) => [
        TableName,
        unmarshall(Key).item.replace(/\d.*/, ""),
      ]),
    ).to.have.deep.members([
      ["channels", "channel"],
      ["channels", "day#"],
    ]);
    expect(
      getSent(QueryCommand).map(({ input: { TableName, IndexName } }) => [TableName, IndexName]),
    ).to.have.deep.members([
      ["appearances", "unfinished"],
      ["channels", "channel-start"],
    ]);
  });

  it("lists labels and appearances by their indexes, newest first", async () => {
    for (const path of ["labels", "celebrities", "appearances", "appearances?label=PERSON"])
      expect((await call("GET", `/channels/news/${path}`, { token: readToken })).statusCode).to.equal(200);

    expect(
      getSent(QueryCommand).map(({ input }) => [
        input.TableName,
        input.IndexName,
        input.ScanIndexForward,
        Object.values(unmarshall(input.ExpressionAttributeValues ?? {})),
      ]),
    ).to.deep.equal([
      ["labels", "last-seen", false, ["news#label"]],
      ["labels", "last-seen", false, ["news#celebrity"]],
      ["appearances", "channel-start", false, ["news"]],
      ["appearances", "label-start", false, ["news#Person"]],
    ]);
  });

  it("pauses and resumes a channel, not for a token with scope read or of another user", async () => {
    for (const token of [readToken, userToken])
      expect((await call("POST", "/channels/news/pause", { token })).statusCode).to.be.within(403, 404);
    expect(getSent(UpdateItemCommand)).to.deep.equal([]);
    const paused = await call("POST", "/channels/news/pause", { token: writeToken });
    const resumed = await call("POST", "/channels/news/resume", { token: writeToken });

    expect([paused.statusCode, resumed.statusCode]).to.deep.equal([200, 200]);
    expect(
      getSent(UpdateItemCommand).map(({ input }) => [
        input.TableName,
        unmarshall(input.Key ?? {}),
        Object.values(unmarshall(input.ExpressionAttributeValues ?? {})).includes(true),
      ]),
    ).to.deep.equal([
      ["channels", { channel: "news", item: "channel" }, true],
      ["channels", { channel: "news", item: "channel" }, true],
    ]);
  });

  it("cancels a job: changes the record, publishes to the topic and stops the task", async () => {
    const { statusCode, body } = await call("POST", `/jobs/${id}/cancel`, { token: writeToken });

    expect(statusCode, body).to.equal(200);
    expect(JSON.parse(body)).to.include({ id, status: "Canceled" });
    expect(getSent(PublishCommand).map(({ input }) => input.TopicArn)).to.deep.equal([environment.TOPIC_ARN]);
    expect(getSent(StopTaskCommand).map(({ input }) => input)).to.deep.equal([
      { cluster: "workers", task: "arn:task/1", reason: "canceled by an operator" },
    ]);
  });

  it("shows a user only the jobs that belong to the user", async () => {
    const read = async () => (await call("GET", `/jobs/${id}`, { token: userToken })).statusCode;
    expect(await read()).to.equal(404);
    expect((await call("POST", `/jobs/${id}/cancel`, { token: userToken })).statusCode).to.equal(404);
    expect(storedJob?.status).to.equal("Progressing");
    storedJob = { ...job, ownerId: "bens-id" };
    expect(await read()).to.equal(404);
    storedJob = { ...job, ownerId: "anns-id" };
    expect(await read()).to.equal(200);
  });

  it("changes nothing for a token with scope read, or for a job that does not exist", async () => {
    const refused = await call("POST", `/jobs/${id}/cancel`, { token: readToken });
    storedJob = undefined;
    const missing = await call("POST", `/jobs/${id}/retry`, { token: writeToken });

    expect([refused.statusCode, missing.statusCode]).to.deep.equal([403, 404]);
    expect(getSent(UpdateItemCommand)).to.deep.equal([]);
  });

  it("signs uploads to the input bucket: a form, and parts", async () => {
    const form = await call("GET", "/s3/params?filename=a.mp4&type=video/mp4", { token: writeToken });
    const created = await call("POST", "/s3/multipart", {
      token: writeToken,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ filename: "b.mp4", type: "video/mp4" }),
    });
    const { uploadId, key } = JSON.parse(created.body);
    const part = await call(
      "GET",
      `/s3/multipart/${encodeURIComponent(uploadId)}/2?${new URLSearchParams({ key })}`,
      { token: writeToken },
    );

    expect(JSON.parse(form.body)).to.deep.include({
      method: "POST",
      url: "https://uploads.s3.us-east-1.amazonaws.com/",
    });
    expect(getSent(CreateMultipartUploadCommand).map(({ input }) => [input.Bucket, input.Key])).to.deep.equal(
      [["uploads", "b.mp4"]],
    );
    const url = new URL(JSON.parse(part.body).url);
    expect(url.host).to.equal("uploads.s3.us-east-1.amazonaws.com");
    expect(Object.fromEntries(url.searchParams)).to.include({ partNumber: "2", uploadId: "s3-upload" });
    // A checksum that the client cannot know would make S3 refuse the part.
    expect(url.search).to.not.include("checksum");
  });

  it("signs the ids of uploads with the key that no rotation replaces", async () => {
    const { body } = await call("POST", "/s3/multipart", {
      token: userToken,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ filename: "b.mp4", type: "video/mp4" }),
    });
    const created = JSON.parse(body);
    const [uploadId = "", signature = ""] = created.uploadId.split("~");
    const verify = (key: string) =>
      createTextSigner("upload", async () => [Buffer.from(key, "base64url")]).verify(
        JSON.stringify(["anns-id", uploadId, created.key]),
        signature,
      );

    expect(await verify(allAccounts.responseKey)).to.equal(true);
    expect(await verify(allAccounts.sessionKey)).to.equal(false);
  });

  it("reports metadata that S3 cannot store as a problem of the request", async () => {
    const { statusCode, body } = await call("POST", "/s3/multipart", {
      token: writeToken,
      headers: { "content-type": "application/json" },
      // Encoded for S3, it is three times as long.
      body: JSON.stringify({ filename: "b.mp4", type: "video/mp4", metadata: { title: "ü".repeat(900) } }),
    });

    expect(statusCode, body).to.equal(400);
    expect(JSON.parse(body)).to.include({ type: "/problems/invalid-request" });
  });

  it("compresses a response for clients that accept it", async () => {
    const { handler } = await import("../../../lambdas/api/index.ts");
    const result = await handler(
      createRequestEvent("GET", "/openapi.json", { headers: { "accept-encoding": "gzip" } }),
      invocationContext as never,
    );

    expect(result).to.include({ isBase64Encoded: true });
    expect(result.headers).to.include({ "content-encoding": "gzip" });
  });

  it("allows pages of configured origins to call it, and no others", async () => {
    const preflight = (from: string) =>
      call("OPTIONS", "/jobs", {
        headers: { origin: from, "access-control-request-method": "GET" },
      });
    const [allowed, other] = [await preflight(origin), await preflight("https://evil.example.com")];

    expect(allowed.statusCode).to.equal(204);
    expect(allowed.headers).to.include({ "access-control-allow-origin": origin });
    // The cookie of a session is never sent with these requests.
    expect(allowed.headers).to.not.have.property("access-control-allow-credentials");
    expect(other.headers).to.not.have.property("access-control-allow-origin");
  });
});
