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

/** Some asynchronous hops would lose what they cannot deliver; the message names each and what to do. */
export class MissingDeadLetterQueueError extends UserError {
  constructor(problems: readonly string[]) {
    super(
      `${problems.length} asynchronous hop(s) would lose what cannot be delivered:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  }
}

/**
 * Makes sure that nothing asynchronous loses an event: queues that functions take from, targets of rules,
 * subscriptions, schedules and functions. There is no waiver of this.
 *
 * @param stacks the JSON of each by its name
 * @throws MissingDeadLetterQueueError naming every hop
 */
export const assertDeadLetterQueues = (stacks: ReadonlyMap<string, unknown>): void => {
  const problems = findViolations(buildResourceGraph(stacks), deadLetterRules).map(
    ({ address, message, fix }) => `${address} ${message}. ${fix}`,
  );
  if (problems.length > 0) throw new MissingDeadLetterQueueError(problems);
};
