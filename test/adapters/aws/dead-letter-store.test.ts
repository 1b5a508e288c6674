import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { createSqsDeadLetterStore } from "../../../adapters/aws/dead-letter-store.ts";
import { type Answer, type ScriptedService, startScriptedService } from "./scripted-service.ts";

const account = "123456789012";

/** Answers as the API reference of Amazon SQS describes; the emulator moves no messages. */
const answerWith =
  (answers: Readonly<Record<string, readonly Answer[]>>) =>
  (call: { readonly headers: Readonly<Record<string, unknown>>; readonly body: Buffer }): Answer => {
    const action = String(call.headers["x-amz-target"]).replace("AmazonSQS.", "");
    const input = JSON.parse(call.body.toString());
    const queue = String(input.QueueUrl ?? input.QueueName)
      .split("/")
      .at(-1);
    if (action === "GetQueueUrl")
      return {
        body: JSON.stringify({ QueueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/${queue}` }),
      };
    if (action === "GetQueueAttributes")
      return {
        body: JSON.stringify({ Attributes: { QueueArn: `arn:aws:sqs:us-east-1:${account}:${queue}` } }),
      };
    const [next = { body: "{}" }, ...rest] = answers[action] ?? [];
    answers = { ...answers, [action]: rest };
    return next;
  };
const refusal = (type: string): Answer => ({
  status: 400,
  headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": `${type};Sender` },
  body: JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message: "Refused." }),
});
const task = (Status: string, moved: number, more = {}): Answer => ({
  body: JSON.stringify({
    Results: [{ TaskHandle: "handle", Status, ApproximateNumberOfMessagesMoved: moved, ...more }],
  }),
});

describe("moving the messages of a dead-letter queue", function () {
  this.timeout(20_000);
  let service: ScriptedService | undefined;
  afterEach(() => service?.close());
  const move = async (
    answers: Readonly<Record<string, readonly Answer[]>>,
    signal = new AbortController().signal,
  ) => {
    service = await startScriptedService(answerWith(answers));
    const client = new SQSClient({ ...service.client, useQueueUrlAsEndpoint: false });
    return createSqsDeadLetterStore(client).moveAll("router-dlq", "router", signal);
  };
  const listActions = (): readonly string[] =>
    (service?.calls ?? []).map(({ headers }) => String(headers["x-amz-target"]).replace("AmazonSQS.", ""));
  const readInput = (action: string): unknown => {
    const call = service?.calls.find(({ headers }) => headers["x-amz-target"] === `AmazonSQS.${action}`);
    return JSON.parse(call?.body.toString() ?? "null");
  };

  it("goes to the queue that it belongs to, and ends with the task", async () => {
    expect(await move({ ListMessageMoveTasks: [task("RUNNING", 3), task("COMPLETED", 7)] })).to.equal(7);
    expect(readInput("StartMessageMoveTask")).to.deep.equal({
      SourceArn: `arn:aws:sqs:us-east-1:${account}:router-dlq`,
      DestinationArn: `arn:aws:sqs:us-east-1:${account}:router`,
    });
  });

  it("is not possible for a queue that the service does not move", async () => {
    for (const type of ["UnsupportedOperation", "ResourceNotFoundException"]) {
      expect(await move({ StartMessageMoveTask: [refusal(type)] }), type).to.equal(undefined);
      await service?.close();
    }
  });

  it("fails with the reason of the service", async () => {
    const failure = await move({
      ListMessageMoveTasks: [task("FAILED", 2, { FailureReason: "AccessDenied" })],
    }).catch((cause: unknown) => cause);
    expect(String(failure)).to.include("after 2: AccessDenied. Run the command again.");
  });

  it("is canceled by a stop signal", async () => {
    const stop = new AbortController();
    stop.abort();
    const moved = await move(
      { ListMessageMoveTasks: [task("RUNNING", 3), task("CANCELLED", 4)] },
      stop.signal,
    );
    expect(moved).to.equal(4);
    expect(listActions()).to.include("CancelMessageMoveTask");
  });
});
