import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { Webhook } from "standardwebhooks";
import { isPublicAddress } from "../../../adapters/aws/public-address.ts";
import { createWebhookCounts } from "../../../adapters/aws/webhook-counts.ts";
import { createWebhookPost } from "../../../adapters/aws/webhook-post.ts";
import { createWebhookQueue } from "../../../adapters/aws/webhook-queue.ts";
import { createWebhookSecrets } from "../../../adapters/aws/webhook-secrets.ts";
import { createWebhooksHandler } from "../../../lambdas/webhooks/deliver-webhooks.ts";
import { buildAppearanceEvent } from "../../../pipeline/highlights/appearance-event.ts";
import type { FinishedJob } from "../../../pipeline/jobs/finished-job.ts";
import { generateWebhookSecret } from "../../../pipeline/webhooks/signature.ts";
import { type HttpSubscriber, startHttpSubscriber } from "../../adapters/local/http-subscriber.ts";
import { buildAppearance } from "../../pipeline/highlights/appearance-fixture.ts";
import { buildFinishedJob } from "../../pipeline/webhooks/finished-job.ts";
import { invocationContext } from "../invocation-context.ts";

const queueArn = "arn:aws:sqs:eu-central-1:123456789012:reelway-dev-webhook-catalog";
const queueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/reelway-dev-webhook-catalog";
const now = Date.parse("2026-11-21T04:00:00.000Z");

interface MessageOptions {
  readonly receiveCount?: number;
  readonly ageSeconds?: number;
  readonly arn?: string;
}

const buildEvent = (
  body: FinishedJob | string,
  { receiveCount = 1, ageSeconds = 0, arn = queueArn }: MessageOptions = {},
) => ({
  Records: [
    {
      messageId: "m0",
      receiptHandle: "r0",
      body: typeof body === "string" ? body : JSON.stringify(body),
      eventSource: "aws:sqs",
      eventSourceARN: arn,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: String(now - ageSeconds * 1000),
      },
    },
  ],
});
const delivered = { batchItemFailures: [] };
const kept = { batchItemFailures: [{ itemIdentifier: "m0" }] };

describe("the function webhooks", () => {
  const sandbox = sinon.createSandbox();
  let receiver: HttpSubscriber;
  let secret: string;
  let sent: unknown[];
  let logged: { readonly message: string; readonly details: unknown }[];
  let failingCall: string | undefined;
  beforeEach(async () => {
    receiver = await startHttpSubscriber();
    secret = generateWebhookSecret();
    sent = [];
    logged = [];
    failingCall = undefined;
    for (const client of [SQSClient, DynamoDBClient, SecretsManagerClient])
      sandbox.stub(client.prototype, "send").callsFake(async (command: unknown) => {
        sent.push(command);
        if (command?.constructor.name === failingCall) throw new Error("not now");
        return command instanceof GetSecretValueCommand ? { SecretString: secret } : {};
      });
  });
  afterEach(async () => {
    sandbox.restore();
    await receiver.close();
  });

  const open = (isAllowedAddress: (address: string) => boolean = () => true) => {
    const log = (message: string, details?: unknown) => void logged.push({ message, details });
    const region = "eu-central-1";
    return createWebhooksHandler({
      webhooks: [
        {
          name: "catalog",
          url: `http://127.0.0.1:${receiver.port}/hook`,
          secret: "reelway/catalog",
          events: ["job.complete", "appearance.ended"],
        },
      ],
      queuePrefix: "reelway-dev-webhook-",
      post: createWebhookPost({ isAllowedAddress }),
      readSecrets: createWebhookSecrets(new SecretsManagerClient({ region })),
      queue: createWebhookQueue(new SQSClient({ region })),
      counts: createWebhookCounts(new DynamoDBClient({ region }), "jobs"),
      clock: { now: () => new Date(now) },
      random: () => 0.5,
      log: { info: log, warn: log, error: log },
    });
  };
  const listDelays = () =>
    sent.filter((one) => one instanceof ChangeMessageVisibilityCommand).map(({ input }) => input);
  const listDeadLetters = () =>
    sent.filter((one) => one instanceof SendMessageCommand).map(({ input }) => input);
  const listCounts = () =>
    sent
      .filter((one) => one instanceof UpdateItemCommand)
      .map(({ input: { TableName: table, Key: key, ExpressionAttributeValues: values } }) => ({
        table,
        key: unmarshall(key ?? {}),
        values: unmarshall(values ?? {}),
      }));
  /** Verifies a request at the time of the handler's clock. */
  const verify = async (usedSecret = secret): Promise<{ id: unknown; content: unknown }> => {
    const { headers, body } = await receiver.take();
    sandbox.useFakeTimers({ now, toFake: ["Date"] });
    const content = new Webhook(usedSecret).verify(body, headers as Record<string, string>);
    sandbox.clock.restore();
    return { id: headers["webhook-id"], content };
  };

  it("delivers a signed event and counts it", async () => {
    const job = buildFinishedJob();
    expect(await open()(buildEvent(job))).to.deep.equal(delivered);

    expect((await verify()).content).to.deep.equal({
      type: "job.complete",
      timestamp: job.finishedAt,
      data: job,
    });
    expect(
      sent.filter((one) => one instanceof GetSecretValueCommand).map(({ input }) => input),
    ).to.deep.equal([{ SecretId: "reelway/catalog" }]);
    expect(listCounts()).to.deep.equal([
      {
        table: "jobs",
        key: { id: "webhook#catalog" },
        values: { ":at": "2026-11-21T04:00:00.000Z", ":one": 1 },
      },
    ]);
  });

  it("delivers the end of an appearance, and logs its id", async () => {
    const message = buildAppearanceEvent(buildAppearance(), "out");
    expect(await open()(buildEvent(JSON.stringify(message)))).to.deep.equal(delivered);

    expect((await verify()).content).to.deep.equal({
      type: "appearance.ended",
      timestamp: message.endedAt,
      data: message,
    });
    expect(logged[0]?.details).to.deep.include({ webhook: "catalog", appearanceId: message.id });
  });

  it("sends a duplicate of an event with the same id", async () => {
    const handle = open();
    await handle(buildEvent(buildFinishedJob()));
    const first = await verify();
    await handle(buildEvent(buildFinishedJob()));
    const second = await verify();

    expect(second).to.deep.equal(first);
  });

  it("hides a failed message until its next attempt, which has the same id", async () => {
    const handle = open();
    receiver.setStatus({ status: 503 });
    const [first, third] = [
      await handle(buildEvent(buildFinishedJob())),
      await handle(buildEvent(buildFinishedJob(), { receiveCount: 3, ageSeconds: 30 })),
    ];
    receiver.setStatus({ status: 204 });
    const last = await handle(buildEvent(buildFinishedJob(), { receiveCount: 4, ageSeconds: 120 }));
    const ids = [await verify(), await verify(), await verify()].map(({ id }) => id);

    expect([first, third, last]).to.deep.equal([kept, kept, delivered]);
    expect(listDelays()).to.deep.equal([
      { QueueUrl: queueUrl, ReceiptHandle: "r0", VisibilityTimeout: 5 },
      { QueueUrl: queueUrl, ReceiptHandle: "r0", VisibilityTimeout: 80 },
    ]);
    expect(listCounts()[0]?.values).to.deep.equal({
      ":failure": {
        at: "2026-11-21T04:00:00.000Z",
        status: 503,
        reason: "The endpoint returned status 503.",
      },
    });
    expect(new Set(ids)).to.have.property("size", 1);
    expect(listDeadLetters()).to.deep.equal([]);
  });

  it("moves a message to the dead-letter queue after a day", async () => {
    const handle = open();
    receiver.setStatus({ status: 500 });
    expect(
      await handle(buildEvent(buildFinishedJob(), { receiveCount: 12, ageSeconds: 86_000 })),
    ).to.deep.equal(kept);
    expect(listDelays()[0]?.VisibilityTimeout).to.equal(400);
    expect(
      await handle(buildEvent(buildFinishedJob(), { receiveCount: 13, ageSeconds: 86_400 })),
    ).to.deep.equal(delivered);
    expect(listDeadLetters()).to.deep.equal([
      { QueueUrl: `${queueUrl}-dlq`, MessageBody: JSON.stringify(buildFinishedJob()) },
    ]);
  });

  it("moves a message to the dead-letter queue at once if the endpoint is gone or its address is refused", async () => {
    receiver.setStatus({ status: 410 });
    expect(await open()(buildEvent(buildFinishedJob()))).to.deep.equal(delivered);
    expect(await open(isPublicAddress)(buildEvent(buildFinishedJob()))).to.deep.equal(delivered);

    expect(listDeadLetters()).to.have.length(2);
    expect(listDelays()).to.deep.equal([]);
    const [gone, refused] = listCounts().map(({ values }) => values[":failure"]);
    expect(gone).to.include({ status: 410 });
    expect(refused.reason).to.include("127.0.0.1, which is not a public address");
    expect(refused).to.not.have.property("status");
  });

  it("retries while the secret cannot sign, and never sends an unsigned request", async () => {
    secret = "password";
    expect(await open()(buildEvent(buildFinishedJob()))).to.deep.equal(kept);
    expect(JSON.stringify([logged, listCounts()]))
      .to.include("secret reelway/catalog cannot sign webhooks")
      .and.not.include("password");

    secret = generateWebhookSecret();
    await open()(buildEvent(buildFinishedJob({ attempt: 2 })));
    expect((await verify()).content).to.have.nested.property("data.attempt", 2);
  });

  it("signs with both secrets during a rotation", async () => {
    const previous = secret;
    secret = `${previous} ${generateWebhookSecret()}`;
    const handle = open();
    for (const usedSecret of secret.split(" ")) {
      await handle(buildEvent(buildFinishedJob()));
      expect((await verify(usedSecret)).content).to.have.property("type", "job.complete");
    }
  });

  it("ignores other events, and moves a message that is no finished job to the dead-letter queue", async () => {
    const handle = open();
    expect(await handle(buildEvent(buildFinishedJob({ status: "Error" })))).to.deep.equal(delivered);
    expect(listDeadLetters()).to.deep.equal([]);
    expect(await handle(buildEvent("{"))).to.deep.equal(delivered);
    expect(listDeadLetters()).to.deep.equal([{ QueueUrl: `${queueUrl}-dlq`, MessageBody: "{" }]);
  });

  it("does not repeat a delivery that cannot be counted", async () => {
    failingCall = "UpdateItemCommand";
    expect(await open()(buildEvent(buildFinishedJob()))).to.deep.equal(delivered);
    expect(logged.map(({ message }) => message)).to.deep.equal([
      "Webhook delivered",
      "Counting a delivery failed",
    ]);
  });

  it("keeps a message that cannot be moved, and one of an unknown queue", async () => {
    failingCall = "SendMessageCommand";
    receiver.setStatus({ status: 410 });
    expect(await open()(buildEvent(buildFinishedJob()))).to.deep.equal(kept);
    expect(await open()(buildEvent(buildFinishedJob(), { arn: `${queueArn}-2` }))).to.deep.equal(kept);
  });

  it("refuses private addresses as it is deployed", async () => {
    const environment = {
      CONFIGURATION: JSON.stringify([
        {
          name: "catalog",
          url: "https://127.0.0.1/",
          secret: "s",
          events: ["job.complete"],
          stages: ["local"],
        },
      ]),
      JOBS_TABLE: "jobs",
      QUEUE_PREFIX: "reelway-dev-webhook-",
      AWS_REGION: "eu-central-1",
      STAGE: "reelway-dev",
    };
    const untouched = { ...process.env };
    Object.assign(process.env, environment);
    try {
      const { handler } = await import("../../../lambdas/webhooks/index.ts");
      expect(await handler(buildEvent(buildFinishedJob()), invocationContext)).to.deep.equal(delivered);
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
      Object.assign(process.env, untouched);
    }
    expect(listDeadLetters()).to.have.length(1);
    expect(listCounts()[0]?.values[":failure"].reason).to.include("not a public address");
  });
});
