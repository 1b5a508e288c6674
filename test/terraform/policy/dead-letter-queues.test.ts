import { expect } from "chai";
import {
  assertDeadLetterQueues,
  MissingDeadLetterQueueError,
} from "../../../terraform/policy/dead-letter-queues.ts";

const queue = (name: string): string => `\${aws_sqs_queue.${name}.arn}`;
const redrive = JSON.stringify({ deadLetterTargetArn: queue("lost") });
const deadLetterTarget = { arn: queue("lost") };
/** One hop of each kind, all with a dead-letter queue. */
const buildHops = () => ({
  aws_sqs_queue: { uploads: { redrive_policy: redrive }, lost: {} },
  aws_lambda_event_source_mapping: { uploads: { event_source_arn: queue("uploads") } },
  aws_cloudwatch_event_target: { uploads: { arn: queue("uploads"), dead_letter_config: deadLetterTarget } },
  aws_sns_topic_subscription: { ends: { endpoint: queue("uploads"), redrive_policy: redrive } },
  aws_scheduler_schedule: { sweep: { target: { dead_letter_config: deadLetterTarget } } },
  aws_lambda_function: {
    sweep: { function_name: "films-sweep" },
    router: { dead_letter_config: { target_arn: queue("lost") } },
  },
  aws_lambda_function_event_invoke_config: {
    sweep: {
      function_name: "films-sweep",
      destination_config: { on_failure: { destination: queue("lost") } },
    },
  },
});
const stacks = (resource: unknown) => new Map([["dev-routing", { resource }]]);

describe("assertHopsHaveDeadLetters", () => {
  it("accepts hops that all have a dead-letter queue", () => {
    expect(() => assertDeadLetterQueues(stacks(buildHops()))).to.not.throw();
  });

  it("accepts a separate redrive policy, and a stream's destination", () => {
    const resource = {
      ...buildHops(),
      aws_sqs_queue: { uploads: {}, lost: {} },
      aws_sqs_queue_redrive_policy: {
        uploads: { queue_url: `\${aws_sqs_queue.uploads.url}`, redrive_policy: redrive },
      },
      aws_lambda_event_source_mapping: {
        uploads: { event_source_arn: queue("uploads") },
        stream: {
          event_source_arn: "arn:aws:dynamodb:us-east-1:123456789012:table/films/stream/1",
          destination_config: { on_failure: { destination_arn: queue("lost") } },
        },
      },
    };

    expect(() => assertDeadLetterQueues(stacks(resource))).to.not.throw();
  });

  it("names every hop without one, and the fix", () => {
    const resource = {
      ...buildHops(),
      aws_sqs_queue: { uploads: {}, lost: {} },
      aws_cloudwatch_event_target: { uploads: { arn: queue("uploads") } },
      aws_sns_topic_subscription: { ends: { endpoint: queue("uploads") } },
      aws_scheduler_schedule: { sweep: { target: {} } },
      aws_lambda_function_event_invoke_config: {},
    };

    expect(() => assertDeadLetterQueues(stacks(resource)))
      .to.throw(MissingDeadLetterQueueError)
      .with.property("message")
      .that.matches(
        /^Missing dead-letter queues \(5\)\..*\n {2}- dev-routing\/aws_sqs_queue\.uploads has .*\n {2}- .*event_target\.uploads has .*Set dead_letter_config.*\n {2}- .*subscription\.ends .*\n {2}- .*schedule\.sweep .*\n {2}- .*function\.sweep has no dead-letter queue.*$/,
      );
  });
});
