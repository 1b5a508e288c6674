import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import sinon from "sinon";
import { createSqsWebhookStore } from "../../../adapters/aws/webhook-queue.ts";
import { CommandError } from "../../../pipeline/errors/errors.ts";
import { buildJobEvent, computeDeliveryId } from "../../../pipeline/webhooks/delivery.ts";
import { buildFinishedJob } from "../../pipeline/webhooks/finished-job.ts";

interface Message {
  readonly id: string;
  readonly body: string;
  isVisible: boolean;
}

const queue = "reelway-dev-webhook-catalog";
const deadLetterQueue = `${queue}-dlq`;

describe("the webhooks of a stage", () => {
  const sandbox = sinon.createSandbox();
  let messages: Message[];
  let sentBodies: string[];
  let onSend: (body: string) => void;
  beforeEach(() => {
    messages = [];
    sentBodies = [];
    onSend = () => undefined;
    // The messages of the dead-letter queue, as SQS hides and returns them.
    sandbox.stub(SQSClient.prototype, "send").callsFake(async (command: unknown) => {
      if (command instanceof GetQueueUrlCommand) {
        if (command.input.QueueName?.includes("other"))
          throw new QueueDoesNotExist({ message: "no queue", $metadata: {} });
        return { QueueUrl: `https://sqs/${command.input.QueueName}` };
      }
      if (command instanceof GetQueueAttributesCommand)
        return command.input.QueueUrl === `https://sqs/${queue}`
          ? {
              Attributes: {
                ApproximateNumberOfMessages: "3",
                ApproximateNumberOfMessagesNotVisible: "2",
                ApproximateNumberOfMessagesDelayed: "1",
              },
            }
          : { Attributes: { ApproximateNumberOfMessages: String(messages.length) } };
      if (command instanceof ReceiveMessageCommand) {
        expect(command.input.QueueUrl).to.equal(`https://sqs/${deadLetterQueue}`);
        const received = messages.filter(({ isVisible }) => isVisible).slice(0, 10);
        for (const message of received) message.isVisible = false;
        return {
          Messages: received.map(({ id, body }) => ({ MessageId: id, ReceiptHandle: id, Body: body })),
        };
      }
      if (command instanceof SendMessageCommand) {
        expect(command.input.QueueUrl).to.equal(`https://sqs/${queue}`);
        sentBodies.push(command.input.MessageBody ?? "");
        onSend(command.input.MessageBody ?? "");
        return {};
      }
      if (command instanceof DeleteMessageCommand) {
        messages = messages.filter(({ id }) => id !== command.input.ReceiptHandle);
        return {};
      }
      if (command instanceof ChangeMessageVisibilityCommand) {
        expect(command.input.VisibilityTimeout).to.equal(0);
        for (const message of messages)
          if (message.id === command.input.ReceiptHandle) message.isVisible = true;
        return {};
      }
      throw new Error("unexpected call");
    });
  });
  afterEach(() => sandbox.restore());

  const open = () =>
    createSqsWebhookStore(new SQSClient({ region: "eu-central-1" }), "reelway-dev-webhook-", {
      read: async () => ({ delivered: 7 }),
    });
  let count = 0;
  const addMessage = (body: string) => {
    count += 1;
    messages.push({ id: `message-${count}`, body, isVisible: true });
  };
  const addJobs = (...ids: readonly string[]) => {
    for (const id of ids) addMessage(JSON.stringify(buildFinishedJob({ id })));
  };
  const toDeliveryId = (id: string) => computeDeliveryId("catalog", buildJobEvent(buildFinishedJob({ id })));
  const buildId = (index: number) => String.fromCharCode(97 + index).repeat(52);

  it("have the counts of both queues and of the function", async () => {
    addJobs(buildId(0), buildId(1));

    expect(await open().readStatus("catalog")).to.deep.equal({ delivered: 7, pending: 6, deadLetter: 2 });
  });

  it("queue all deliveries again, more than one receive returns, and leave what is not an event", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => buildId(index));
    addMessage("{");
    addJobs(...ids);
    const redelivered = await open().redeliver("catalog", () => true);

    expect(redelivered).to.deep.equal(ids.map(toDeliveryId));
    expect(sentBodies.map((body) => JSON.parse(body).id)).to.deep.equal(ids);
    expect(messages.map(({ body, isVisible }) => [body, isVisible])).to.deep.equal([["{", true]]);
  });

  it("queue the selected deliveries again, and show the others to the next reader", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => buildId(index));
    addJobs(...ids);
    const selectedIds = [buildId(24), buildId(3)];
    const redelivered = await open().redeliver("catalog", ({ subjectId }) => selectedIds.includes(subjectId));

    expect(redelivered).to.have.members(selectedIds.map(toDeliveryId));
    expect(messages).to.have.length(23);
    expect(messages.filter(({ isVisible }) => !isVisible)).to.deep.equal([]);
  });

  it("do not queue a delivery twice that fails again meanwhile", async () => {
    onSend = addMessage;
    addJobs(buildId(0), buildId(1));
    const redelivered = await open().redeliver("catalog", () => true);

    expect(redelivered).to.deep.equal([buildId(0), buildId(1)].map(toDeliveryId));
    expect(sentBodies).to.have.length(2);
    expect(messages).to.have.length(2);
  });

  it("name the queue of a webhook that is not deployed", async () => {
    const failure = await open()
      .readStatus("other")
      .catch((cause: unknown) => cause);

    expect(failure).to.be.instanceOf(CommandError);
    expect(String(failure)).to.include("Queue reelway-dev-webhook-other does not exist");
  });
});
