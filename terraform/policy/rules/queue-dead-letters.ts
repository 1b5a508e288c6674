import { getString, getStrings } from "../block-values.ts";
import { parseEmbeddedJson } from "../embedded-json.ts";
import type { Block, ResourceGraph } from "../resource-graph.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The ARNs that a queue's redrive policies name. */
const findRedriveTargets = (queue: Block, graph: ResourceGraph): readonly string[] =>
  [queue, ...graph.relatedTo(queue, "aws_sqs_queue_redrive_policy", "queue_url")]
    .flatMap(({ body }) => getStrings(body, "redrive_policy"))
    .flatMap((policy) => getStrings(parseEmbeddedJson(policy), "deadLetterTargetArn"));

/** A queue that a function takes from has a dead-letter queue. */
export const queueDeadLetters: Rule = {
  id: "REELWAY_QUEUE_DLQ",
  description: "A queue that a function takes from has a dead-letter queue.",
  rationale:
    "A message that always fails blocks the others until it is as old as the queue keeps any, and is then lost.",
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: (mapping, graph) => {
    const source = getString(mapping.body, "event_source_arn");
    const queue = graph.find(mapping, source, "aws_sqs_queue");
    // A stream has no queue to redrive: failed records go to a destination on failure.
    if (queue === undefined)
      return failUnless(
        getString(mapping.body, "destination_config", "on_failure", "destination_arn") !== undefined,
        `takes from ${source ?? "nothing"}, which is no queue of these stacks, and has no destination for what fails`,
        "Take from a queue of these stacks with a redrive_policy, or set destination_config.on_failure.",
      );
    return failUnless(
      findRedriveTargets(queue, graph).some(
        (policy) => graph.find(queue, policy, "aws_sqs_queue") !== undefined,
      ),
      "has no dead-letter queue, but a function takes from it",
      "Set redrive_policy with deadLetterTargetArn (a queue of these stacks) and maxReceiveCount.",
      queue,
    );
  },
};
