import { getString, getStrings } from "../block-values.ts";
import { parseEmbeddedJson } from "../embedded-json.ts";
import type { Block, ResourceGraph } from "../resource-graph.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Finds the dead-letter queue ARNs in a queue's redrive policies. */
const findRedriveTargets = (queue: Block, graph: ResourceGraph): readonly string[] =>
  [queue, ...graph.relatedTo(queue, "aws_sqs_queue_redrive_policy", "queue_url")]
    .flatMap(({ body }) => getStrings(body, "redrive_policy"))
    .flatMap((policy) => getStrings(parseEmbeddedJson(policy), "deadLetterTargetArn"));

/** A queue that a function consumes has a dead-letter queue. */
export const queueDeadLetters: Rule = {
  id: "REELWAY_QUEUE_DLQ",
  description: "A queue that a function consumes has a dead-letter queue.",
  rationale: "Without one, a message that always fails is retried until its retention ends and is then lost.",
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: (mapping, graph) => {
    const source = getString(mapping.body, "event_source_arn");
    const queue = graph.find(mapping, source, "aws_sqs_queue");
    // Streams have no redrive policy; failed records go to an on_failure destination.
    if (queue === undefined)
      return failUnless(
        getString(mapping.body, "destination_config", "on_failure", "destination_arn") !== undefined,
        `consumes ${source ?? "no source"}, which is not a queue of these stacks, and has no on_failure destination`,
        "Consume a queue of these stacks with a redrive_policy, or set destination_config.on_failure.",
      );
    return failUnless(
      findRedriveTargets(queue, graph).some(
        (policy) => graph.find(queue, policy, "aws_sqs_queue") !== undefined,
      ),
      "has no dead-letter queue, but a function consumes it",
      "Set redrive_policy with deadLetterTargetArn (a queue of these stacks) and maxReceiveCount.",
      queue,
    );
  },
};
