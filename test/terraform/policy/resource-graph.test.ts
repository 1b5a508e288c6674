import { expect } from "chai";
import { type Block, buildResourceGraph } from "../../../terraform/policy/resource-graph.ts";

const reference = (expression: string): string => `\${${expression}}`;
const backend = (key: string) => ({ backend: { s3: { bucket: "states", key } } });
const buildGraph = () =>
  buildResourceGraph(
    new Map<string, unknown>([
      [
        "dev-first",
        {
          terraform: backend("dev/first.tfstate"),
          resource: {
            aws_sqs_queue: { jobs: { name: "films-jobs" }, "jobs-dlq": { name: "films-jobs-dlq" } },
          },
          output: { queue: { value: reference("aws_sqs_queue.jobs.arn") } },
        },
      ],
      [
        "dev-second",
        {
          terraform: backend("dev/second.tfstate"),
          data: {
            terraform_remote_state: {
              before: { backend: "s3", config: { bucket: "states", key: "dev/first.tfstate" } },
            },
          },
          resource: {
            aws_lambda_event_source_mapping: {
              takes: {
                event_source_arn: reference("data.terraform_remote_state.before.outputs.queue"),
              },
            },
          },
          provider: { aws: [{ region: "us-east-1" }, { alias: "other", region: "eu-west-1" }] },
        },
      ],
    ]),
  );
const getBlock = (address: string): Block => {
  const block = buildGraph().blocks.find((one) => one.address === address);
  if (block === undefined) throw new Error(`There is no ${address}.`);
  return block;
};
const referencesOf = (from: string, value: string) =>
  buildGraph().find(getBlock(from), value, "aws_sqs_queue")?.address ?? "nothing";

describe("buildResourceGraph", () => {
  it("gives every block its stack and address, and each provider its alias", () => {
    expect(buildGraph().blocks.map(({ address }) => address)).to.deep.equal([
      "dev-first/aws_sqs_queue.jobs",
      "dev-first/aws_sqs_queue.jobs-dlq",
      "dev-first/output.queue",
      "dev-second/aws_lambda_event_source_mapping.takes",
      "dev-second/data.terraform_remote_state.before",
      "dev-second/provider.aws.default",
      "dev-second/provider.aws.other",
    ]);
  });

  it("follows references within a stack by exact name", () => {
    const deadLetterQueue = "dev-first/aws_sqs_queue.jobs-dlq";

    expect(referencesOf(deadLetterQueue, reference("aws_sqs_queue.jobs.arn"))).to.equal(
      "dev-first/aws_sqs_queue.jobs",
    );
    expect(referencesOf(deadLetterQueue, reference("aws_sqs_queue.jobs-dlq.arn"))).to.equal(deadLetterQueue);
    expect(referencesOf(deadLetterQueue, reference("aws_sqs_queue.jobs-lo.arn"))).to.equal("nothing");
  });

  it("does not follow references into another stack", () => {
    expect(
      referencesOf("dev-second/aws_lambda_event_source_mapping.takes", reference("aws_sqs_queue.jobs.arn")),
    ).to.equal("nothing");
  });

  it("finds a resource by name and ARN in every stack", () => {
    const from = "dev-second/aws_lambda_event_source_mapping.takes";

    expect(referencesOf(from, "films-jobs")).to.equal("dev-first/aws_sqs_queue.jobs");
    expect(referencesOf(from, "arn:aws:sqs:us-east-1:123456789012:films-jobs-dlq")).to.equal(
      "dev-first/aws_sqs_queue.jobs-dlq",
    );
    expect(referencesOf(from, "arn:aws:sqs:us-east-1:123456789012:other-films-jobs")).to.equal("nothing");
  });

  it("follows another stack's output through its state", () => {
    const from = "dev-second/aws_lambda_event_source_mapping.takes";

    expect(referencesOf(from, reference("data.terraform_remote_state.before.outputs.queue"))).to.equal(
      "dev-first/aws_sqs_queue.jobs",
    );
    expect(referencesOf(from, reference("data.terraform_remote_state.before.outputs.topic"))).to.equal(
      "nothing",
    );
  });
});
