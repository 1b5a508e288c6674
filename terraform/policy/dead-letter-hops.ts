import { readEstate } from "./estate.ts";
import { findViolations } from "./find-violations.ts";
import type { Rule } from "./rule.ts";
import { eventTargetDeadLetters } from "./rules/event-target-dead-letters.ts";
import { functionDeadLetters } from "./rules/lambda-dead-letters.ts";
import { queueDeadLetters } from "./rules/queue-dead-letters.ts";
import { scheduleDeadLetters } from "./rules/schedule-dead-letters.ts";
import { subscriptionDeadLetters } from "./rules/subscription-dead-letters.ts";

const hops: readonly Rule[] = [
  queueDeadLetters,
  eventTargetDeadLetters,
  subscriptionDeadLetters,
  scheduleDeadLetters,
  functionDeadLetters,
];

/** Some asynchronous hops would lose what they cannot deliver; the message names each and what to do. */
export class MissingDeadLetters extends Error {
  constructor(problems: readonly string[]) {
    super(
      `${problems.length} asynchronous hop(s) would lose what cannot be delivered:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "MissingDeadLetters";
  }
}

/**
 * Makes sure that nothing asynchronous loses an event: queues that functions take from, targets of rules,
 * subscriptions, schedules and functions. There is no waiver of this.
 *
 * @param stacks the JSON of each by its name
 * @throws MissingDeadLetters naming every hop
 */
export const assertHopsHaveDeadLetters = (stacks: ReadonlyMap<string, unknown>): void => {
  const problems = findViolations(readEstate(stacks), hops).map(
    ({ address, wrong, fix }) => `${address} ${wrong}. ${fix}`,
  );
  if (problems.length > 0) throw new MissingDeadLetters(problems);
};
