import { expect } from "chai";
import { handleMessages, isMessageBatch } from "../../../pipeline/events/sqs-messages.ts";
import type { Logger } from "../../../pipeline/ports/logger.ts";

const batchOf = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: "handle",
    body,
    attributes: { ApproximateReceiveCount: "1" },
    messageAttributes: {},
    md5OfBody: "0",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:queue",
    awsRegion: "us-east-1",
  })),
});

describe("messages of a queue", () => {
  let logged: string[];
  const log: Logger = {
    info: (message) => void logged.push(message),
    warn: (message) => void logged.push(message),
    error: (message) => void logged.push(message),
  };
  beforeEach(() => {
    logged = [];
  });

  it("are handled one by one by what they say, in JSON or not", async () => {
    const seen: unknown[] = [];
    const answer = await handleMessages(batchOf('{"a":1}', "no JSON", ""), log, async (content) => {
      seen.push(content);
    });
    expect({ answer, seen }).to.deep.equal({
      answer: { batchItemFailures: [] },
      seen: [{ a: 1 }, "no JSON", ""],
    });
  });

  it("go back alone where they fail", async () => {
    const answer = await handleMessages(batchOf("1", "2", "3"), log, async (content) => {
      if (content !== 2) throw new Error(`no ${content}`);
    });
    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m2" }] });
    expect(logged).to.deep.equal([
      "Message failed; returned to the queue",
      "Message failed; returned to the queue",
    ]);
  });

  it("are told from other events, whose failure is the caller's", async () => {
    const event = { Records: [{ EventSource: "aws:sns", Sns: { Message: "{}" } }] };
    const seen: unknown[] = [];
    await handleMessages(event, log, async (content) => void seen.push(content));
    const failed = await handleMessages(event, log, () => Promise.reject(new Error("lost"))).catch(String);
    expect({ seen, failed }).to.deep.equal({ seen: [event], failed: "Error: lost" });
    expect([isMessageBatch(batchOf("a")), isMessageBatch(event)]).to.deep.equal([true, false]);
  });
});
