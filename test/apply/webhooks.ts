import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import * as z from "zod";
import { buildJobEvent, computeDeliveryId } from "../../pipeline/webhooks/delivery.ts";
import { generateWebhookSecret } from "../../pipeline/webhooks/signature.ts";
import { buildFinishedJob } from "../pipeline/webhooks/finished-job.ts";
import { type DeployedFunction, downloadFunction } from "./deployed-function.ts";
import type { Stage } from "./stage.ts";

const listSchema = z.object({
  webhooks: z.array(
    z.object({
      name: z.string(),
      pending: z.number(),
      deadLetter: z.number(),
      delivered: z.number(),
      lastFailure: z.optional(z.object({ reason: z.string() })),
    }),
  ),
});

/** Tests of the webhooks in a stage's applied stacks, whose endpoints do not exist. */
export const testWebhooks = (theStage: () => Stage): void => {
  const job = buildFinishedJob({ id: "w".repeat(52) });
  const deliveryId = computeDeliveryId("catalog", buildJobEvent(job));
  let deliver: DeployedFunction;
  before(async function () {
    this.timeout(180_000);
    const { moto, names, folder, stack, open } = theStage();
    const resources = await (await open(stack("routing"))).resources();
    deliver = await downloadFunction(moto, resources, names.webhooks, folder);
    await new SecretsManagerClient(moto.client).send(
      new CreateSecretCommand({ Name: "reelway/catalog", SecretString: generateWebhookSecret() }),
    );
    await new SNSClient(moto.client).send(
      new PublishCommand({
        TopicArn: `arn:aws:sns:us-east-1:123456789012:${names.finishedJobsTopic}`,
        Message: JSON.stringify(job),
      }),
    );
  });

  const list = async () => {
    const { webhooks } = listSchema.parse(
      JSON.parse(await theStage().reelway("webhooks", "list", "--stage", "dev", "--json")),
    );
    const [catalog, onCall] = ["catalog", "on-call"].map((name) => webhooks.find((one) => one.name === name));
    return { catalog, onCall };
  };
  /** Receives the message of a queue and calls the function with it, as Lambda does. */
  const receiveAndCall = async (queue: string, sentTimestamp?: number) => {
    const { moto } = theStage();
    const sqs = new SQSClient(moto.client);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageSystemAttributeNames: ["All"] }),
    );
    const Records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: {
        ...Attributes,
        ...(sentTimestamp === undefined ? {} : { SentTimestamp: String(sentTimestamp) }),
      },
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
    }));
    return { ids: messages.map(({ MessageId: id }) => id), result: await deliver.call({ Records }) };
  };

  it("a webhook receives only its events", async function () {
    this.timeout(180_000);
    const { catalog, onCall } = await list();

    // The job that an earlier test has closed failed.
    expect(catalog).to.deep.include({ pending: 1, deadLetter: 0, delivered: 0 });
    expect(onCall).to.deep.include({ pending: 1, deadLetter: 0, delivered: 0 });
  });

  it("a delivery that fails stays in the queue, and moves to the dead-letter queue after a day", async function () {
    this.timeout(180_000);
    const queue = `${theStage().names.webhookQueuePrefix}catalog`;
    const first = await receiveAndCall(queue);
    const { catalog: retried } = await list();
    const second = await receiveAndCall(queue, Date.now() - 86_400_000);
    const { catalog: gaveUp } = await list();

    expect(first.ids).to.have.length(1);
    expect(first.result).to.deep.equal({
      batchItemFailures: first.ids.map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(retried).to.deep.include({ pending: 1, deadLetter: 0 });
    expect(retried?.lastFailure?.reason).to.include("hooks.example.com");
    expect(second).to.deep.equal({ ids: first.ids, result: { batchItemFailures: [] } });
    expect(gaveUp).to.include({ deadLetter: 1 });
  });

  it("the command queues it again, and names an id that is not there", async function () {
    this.timeout(180_000);
    const redeliver = (...args: readonly string[]) =>
      theStage().reelway("webhooks", "redeliver", "catalog", "--stage", "dev", ...args);
    const missing = await redeliver("--id", "zzzz").catch((cause: unknown) => cause);
    const redelivered = await redeliver("--id", deliveryId);
    const { catalog } = await list();

    expect(String(missing)).to.include(
      "The dead-letter queue of webhook catalog has no delivery with the id zzzz",
    );
    expect(redelivered).to.equal(`${deliveryId}\n`);
    expect(catalog).to.include({ deadLetter: 0 });
    expect(await redeliver("--all-failed")).to.equal("");
  });

  it("an operator learns that a secret is missing", async function () {
    this.timeout(180_000);
    await receiveAndCall(`${theStage().names.webhookQueuePrefix}on-call`);

    expect((await list()).onCall?.lastFailure?.reason).to.include("Reading secret reelway/on-call failed");
  });
};
