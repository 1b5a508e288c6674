import { expect } from "chai";
import * as z from "zod";
import { EventQueue, Queue } from "../../modules/queue.ts";
import { Topic } from "../../modules/topic.ts";
import { account, keyArn, statements, synthesizeStack } from "./synthesize-stack.ts";

describe("Queue", () => {
  it("is encrypted with the stage's key, retains messages for 14 days and accepts its senders over TLS only", () => {
    const synthesized = synthesizeStack((stack) => {
      new Queue(stack, "kicks", {
        name: "kicks",
        senders: [{ service: "sns.amazonaws.com", sourceArn: "arn:aws:sns:us-east-1:1:topic" }],
      });
    });

    expect(synthesized.one("aws_sqs_queue")).to.include({
      name: "kicks",
      kms_master_key_id: keyArn,
      message_retention_seconds: 1_209_600,
    });
    expect(
      statements(synthesized.one("aws_sqs_queue_policy").policy).map(({ Effect, Principal, Condition }) => ({
        Effect,
        Principal,
        Condition,
      })),
    ).to.deep.equal([
      { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:us-east-1:1:topic" } },
      },
    ]);
  });
});

describe("EventQueue", () => {
  const eventPattern = { source: ["aws.s3"] };
  const topicArn = "arn:aws:sns:us-east-1:1:topic";
  const synthesizeQueue = () =>
    synthesizeStack((stack) => {
      new EventQueue(stack, "ends", { name: "ends", eventPattern, topicArn, consumerTimeoutSeconds: 20 });
    });
  const queues = () =>
    Object.fromEntries(
      synthesizeQueue()
        .all("aws_sqs_queue")
        .map((queue) => [queue.name, queue]),
    );

  it("has a visibility timeout of six consumer timeouts, and moves a message to the dead-letter queue after five receives", () => {
    expect(queues().ends?.visibility_timeout_seconds).to.equal(120);
    expect(JSON.parse(z.string().parse(queues().ends?.redrive_policy))).to.have.property(
      "maxReceiveCount",
      5,
    );
    expect(Object.keys(queues()).sort()).to.deep.equal(["ends", "ends-dlq"]);
  });

  it("has a dead-letter queue for the rule and the subscription, too", () => {
    const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });
    const arn = redrivePolicy.parse(
      JSON.parse(z.string().parse(queues().ends?.redrive_policy)),
    ).deadLetterTargetArn;

    expect(arn).to.match(/aws_sqs_queue\.ends_dlq/);
    expect(synthesizeQueue().one("aws_cloudwatch_event_target").dead_letter_config).to.deep.equal({ arn });
    expect(synthesizeQueue().one("aws_sns_topic_subscription")).to.include({
      redrive_policy: JSON.stringify({ deadLetterTargetArn: arn }),
      raw_message_delivery: true,
      protocol: "sqs",
    });
    expect(synthesizeQueue().one("aws_cloudwatch_event_rule").event_pattern).to.equal(
      JSON.stringify(eventPattern),
    );
  });

  it("has neither rule nor subscription if it only receives direct sends", () => {
    const plain = synthesizeStack((stack) => {
      new EventQueue(stack, "kicks", { name: "kicks", consumerTimeoutSeconds: 20 });
    });

    expect(plain.types).to.deep.equal(["aws_sqs_queue", "aws_sqs_queue_policy"]);
  });
});

describe("Topic", () => {
  it("is encrypted, and accepts messages of the account and the named services", () => {
    const synthesized = synthesizeStack((stack) => {
      new Topic(stack, "alarms", { name: "alarms", publisherServices: ["cloudwatch.amazonaws.com"] });
    });

    expect(synthesized.one("aws_sns_topic")).to.include({ name: "alarms", kms_master_key_id: keyArn });
    expect(
      statements(synthesized.one("aws_sns_topic_policy").policy).map(({ Effect, Principal }) => [
        Effect,
        Principal,
      ]),
    ).to.deep.equal([
      ["Deny", "*"],
      ["Allow", { AWS: `arn:aws:iam::${account}:root` }],
      ["Allow", { Service: ["cloudwatch.amazonaws.com"] }],
    ]);
  });
});
