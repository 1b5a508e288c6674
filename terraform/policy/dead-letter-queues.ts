import { UserError } from "../../pipeline/errors/errors.ts";
import { findViolations } from "./find-violations.ts";
import { buildResourceGraph } from "./resource-graph.ts";
import type { Rule } from "./rule.ts";
import { eventTargetDeadLetters } from "./rules/event-target-dead-letters.ts";
import { functionDeadLetters } from "./rules/lambda-dead-letters.ts";
import { queueDeadLetters } from "./rules/queue-dead-letters.ts";
import { scheduleDeadLetters } from "./rules/schedule-dead-letters.ts";
import { subscriptionDeadLetters } from "./rules/subscription-dead-letters.ts";

const deadLetterRules: readonly Rule[] = [
  queueDeadLetters,
  eventTargetDeadLetters,
  subscriptionDeadLetters,
  scheduleDeadLetters,
  functionDeadLetters,
];

/** Asynchronous resources have no dead-letter queue. The message names each and its fix. */
export class MissingDeadLetterQueueError extends UserError {
  constructor(problems: readonly string[]) {
    super(
      `Missing dead-letter queues (${problems.length}). Undeliverable events would be lost:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  }
}

/**
 * Checks that every asynchronous delivery has a dead-letter queue: queues that functions consume, targets of rules,
 * subscriptions, schedules and functions. This check cannot be waived.
 *
 * @param stacks synthesized JSON by stack name
 * @throws MissingDeadLetterQueueError that names every resource
 */
export const assertDeadLetterQueues = (stacks: ReadonlyMap<string, unknown>): void => {
  const problems = findViolations(buildResourceGraph(stacks), deadLetterRules).map(
    ({ address, message, fix }) => `${address} ${message}. ${fix}`,
  );
  if (problems.length > 0) throw new MissingDeadLetterQueueError(problems);
};
