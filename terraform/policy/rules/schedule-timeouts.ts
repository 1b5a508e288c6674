import { getNumber, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

const unitSeconds: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };
/** Half of the minute that the next invocation waits for a run that is late (`schedule-invocations.ts`). */
const maxOverlapSeconds = 30;

/** Parses `rate(5 minutes)` to seconds; undefined for other expressions. */
const parseRate = (expression: string | undefined): number | undefined => {
  const [, amount, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression ?? "") ?? [];
  return unit === undefined ? undefined : Number(amount) * (unitSeconds[unit] ?? Number.NaN);
};

/** A scheduled function with one instance ends before its next invocation is given up. */
export const scheduleTimeouts: Rule = {
  id: "REELWAY_SCHEDULE_TIMEOUT",
  description:
    "The timeout of a scheduled function is at most 30 seconds longer than the period of its schedule.",
  rationale:
    "A function with reserved concurrency 1 refuses an invocation while it runs. After a minute the invocation goes to the dead-letter queue, whose alarm then reports a run that was only long.",
  appliesTo: ["aws_scheduler_schedule"],
  check: (block, graph) => {
    const period = parseRate(getString(block.body, "schedule_expression"));
    const target = graph.find(block, getString(block.body, "target", "arn"), "aws_lambda_function");
    if (target === undefined || period === undefined) return [];
    const timeout = getNumber(target.body, "timeout") ?? 3;
    return failUnless(
      timeout <= period + maxOverlapSeconds,
      `invokes a function every ${period} s whose timeout is ${timeout} s`,
      `Set the timeout of the function to at most ${period + maxOverlapSeconds} s, and end its runs in that time.`,
    );
  },
};
