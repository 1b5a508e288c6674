import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import sinon from "sinon";
import { createSnsNotifier } from "../../../adapters/aws/notifier.ts";
import { createSqsQueue } from "../../../adapters/aws/queue.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

const catchFailure = async (act: Promise<unknown>): Promise<StoreFailure> => {
  try {
    await act;
  } catch (cause) {
    if (cause instanceof StoreFailure) return cause;
    throw cause;
  }
  throw new Error("It was not refused.");
};
const throttled = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
const denied = Object.assign(new Error("not yours"), { $metadata: { httpStatusCode: 403 } });

describe("messages on AWS", () => {
  afterEach(() => sinon.restore());

  describe("a queue of SQS", () => {
    const client = new SQSClient({ region: "us-east-1" });
    const queue = createSqsQueue(client, "https://sqs/queue");

    for (const [delaySeconds, sent] of [
      [undefined, undefined],
      [0, 0],
      [0.2, 1],
      [900, 900],
      [3600, 900],
    ] as const)
      it(`delays ${delaySeconds} seconds by ${sent}: whole seconds, at most 15 minutes`, async () => {
        const send = sinon.stub(client, "send").resolves({});
        await queue.send({ a: 1 }, delaySeconds === undefined ? undefined : { delaySeconds });
        expect(send.firstCall.args[0].input).to.eql({
          QueueUrl: "https://sqs/queue",
          MessageBody: '{"a":1}',
          DelaySeconds: sent,
        });
      });

    it("reports failures with the queue's name and whether they are transient", async () => {
      const send = sinon.stub(client, "send").rejects(throttled);
      expect(await catchFailure(queue.send(1))).to.include({
        retryable: true,
        message: "Sending to queue https://sqs/queue failed: slow down",
      });
      send.rejects(denied);
      expect(await catchFailure(queue.send(1))).to.include({ kind: "denied", retryable: false });
    });
  });

  describe("a topic of SNS", () => {
    const client = new SNSClient({ region: "us-east-1" });
    const notifier = createSnsNotifier(client);
    const notification = { id: "job-1", subject: "Reelway: Complete", message: "{}" };

    it("sends the id as a message attribute", async () => {
      const send = sinon.stub(client, "send").resolves({});
      await notifier.publish("arn:topic", notification);
      expect(send.firstCall.args[0].input).to.eql({
        TopicArn: "arn:topic",
        Subject: "Reelway: Complete",
        Message: "{}",
        MessageAttributes: { id: { DataType: "String", StringValue: "job-1" } },
      });
    });

    for (const [subject, sent] of [
      ["", undefined],
      ["\n\u2028", undefined],
      ["two\r\nlines\u0007", "two lines"],
      ["ü".repeat(300), "ü".repeat(99)],
      [`${"x".repeat(98)}😀`, "x".repeat(98)],
      [`${"x".repeat(97)}😀😀`, `${"x".repeat(97)}😀`],
      ["half \ud83d", "half"],
    ] as const)
      it(`sends the subject ${JSON.stringify(subject).slice(0, 20)} as one line of less than 100 characters`, async () => {
        const send = sinon.stub(client, "send").resolves({});
        await notifier.publish("arn:topic", { ...notification, subject });
        expect(send.firstCall.args[0].input).to.have.property("Subject", sent);
      });

    it("reports failures with the topic's name and whether they are transient", async () => {
      const send = sinon.stub(client, "send").rejects(throttled);
      expect(await catchFailure(notifier.publish("arn:topic", notification))).to.include({
        retryable: true,
        message: "Publishing to topic arn:topic failed: slow down",
      });
      send.rejects(denied);
      expect((await catchFailure(notifier.publish("arn:topic", notification))).retryable).to.equal(false);
    });
  });
});
