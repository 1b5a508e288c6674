import type { DeadLetterQueue } from "../../pipeline/events/dead-letters.ts";
import type { RedriveResult } from "../../pipeline/events/redrive.ts";

/** Formats a number of messages. */
export const formatMessages = (count = 0): string => `${count} message${count === 1 ? "" : "s"}`;

/** Describes what was done, or in a dry run would be done, with the messages of a queue, one line each. */
export const describeRedrive = (
  { queue, counts, errorCodes, unknownIds }: RedriveResult,
  deadLetterQueue: DeadLetterQueue,
  isDryRun: boolean,
): readonly string[] => {
  const target = "target" in deadLetterQueue ? deadLetterQueue.target : "";
  const lines = (
    [
      [counts.requeue, `sent to ${target}`],
      [counts["direct-upload"], `sent to ${target}, whose function starts the uploads`],
      [counts.schedule, "deleted: the next run of the schedule does the work"],
    ] as const
  ).flatMap(([count, effect]) =>
    count === 0 ? [] : [`${queue}: ${formatMessages(count)} ${isDryRun ? "would be " : ""}${effect}`],
  );
  const codes = Object.entries(errorCodes).map(([code, count]) => `${code} ${count}`);
  return [
    ...lines,
    ...(codes.length === 0 ? [] : [`${queue}: error codes of the senders: ${codes.join(", ")}`]),
    ...(unknownIds.length === 0
      ? []
      : [
          `${queue}: ${formatMessages(unknownIds.length)} left, because their kind is unknown: ${unknownIds.join(", ")}. Read them in the console of Amazon SQS, and delete them there.`,
        ]),
  ];
};
