import { setTimeout as pause } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { createSqsDeadLetterStore } from "../../adapters/aws/dead-letter-store.ts";
import { listDeadLetterQueues } from "../../modules/dead-letter-queues.ts";
import { buildNamePrefix } from "../../modules/names.ts";
import { CommandError, formatError, UsageError } from "../../pipeline/errors/errors.ts";
import type { DeadLetterQueue } from "../../pipeline/events/dead-letters.ts";
import { type RedriveResult, redriveQueue } from "../../pipeline/events/redrive.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { createConfirmPrompt } from "../confirm.ts";
import { describeRedrive, formatMessages } from "../render/redrive-results.ts";
import { onStopSignal } from "../signals.ts";
import { openStage } from "./open-stage.ts";

/** Options of `reelway redrive`. */
export interface RedriveCommandOptions {
  readonly stage: string;
  readonly queue?: readonly string[];
  readonly dryRun?: true;
  readonly limit?: number;
  readonly yes?: true;
  readonly json?: true;
}

const writeLine = (line: string): void => {
  process.stderr.write(`${toPrintable(line)}\n`);
};

/** Selects queues by their names, complete or without project and stage. */
const selectQueues = (
  queues: readonly DeadLetterQueue[],
  names: readonly string[] | undefined,
  prefix: string,
): readonly DeadLetterQueue[] => {
  if (names === undefined) return queues;
  return names.map((name) => {
    const queue = queues.find((one) => one.name === name || one.name === `${prefix}-${name}`);
    if (queue === undefined)
      throw new UsageError(
        `The stage has no dead-letter queue ${name}. Available queues: ${queues.map((one) => one.name).join(", ")}.`,
      );
    return queue;
  });
};

/** Sends the messages of dead-letter queues where they belong, and prints what was done. */
export const redrive = async (options: RedriveCommandOptions): Promise<void> => {
  const { stage, limit } = options;
  const isDryRun = options.dryRun === true;
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  // Before the queues are read: without a terminal, the question fails at once.
  const confirm = createConfirmPrompt(
    isDryRun || options.yes === true,
    stop.signal,
    `See the messages with: npx reelway redrive --stage ${stage} --dry-run`,
  );
  const { configuration, deployment, region, clock, request } = await openStage(stage);
  const selected = selectQueues(
    listDeadLetterQueues(deployment, configuration),
    options.queue,
    buildNamePrefix(deployment),
  );
  const store = createSqsDeadLetterStore(new SQSClient({ ...commandClientOptions, region }));
  const counted = await request(() =>
    Promise.all(selected.map(async (queue) => ({ queue, count: await store.count(queue.name) }))),
  );
  const missing = counted.filter(({ count }) => count === undefined);
  if (missing.length === counted.length)
    throw new CommandError(
      `Stage ${stage} has no dead-letter queues in this account and Region. Check the account with "aws sts get-caller-identity", or deploy the stage: npx reelway deploy --stage ${stage}`,
    );
  for (const { queue } of missing) writeLine(`${queue.name} does not exist: its stack is not deployed.`);
  const filled = counted.filter(({ count }) => count !== undefined && count > 0);
  for (const { queue, count } of filled)
    writeLine(
      queue.origin === "webhook"
        ? `${queue.name}: about ${formatMessages(count)}, left out. Run: npx reelway webhooks redeliver ${queue.webhook} --stage ${stage} --all-failed`
        : `${queue.name}: about ${formatMessages(count)}`,
    );
  const queues = filled.filter(({ queue }) => queue.origin !== "webhook").map(({ queue }) => queue);
  const results: RedriveResult[] = [];
  const failures: string[] = [];
  if (queues.length === 0) writeLine("There are no messages to redrive. No action needed.");
  else {
    const names = queues.length === 1 ? `the queue ${queues[0]?.name}` : `${queues.length} queues`;
    if (!(await confirm(`Redrive the messages of ${names}?`)))
      throw new CommandError("No message was changed.");
    for (const queue of queues) {
      if (stop.signal.aborted) break;
      try {
        const result = await request(() =>
          redriveQueue({ store, clock, wait: pause }, queue, {
            isDryRun,
            signal: stop.signal,
            ...(limit === undefined ? {} : { limit }),
          }),
        );
        results.push(result);
        if (!options.json) for (const line of describeRedrive(result, queue, isDryRun)) writeLine(line);
      } catch (cause) {
        failures.push(queue.name);
        writeLine(`${queue.name}: ${formatError(cause)}`);
      }
    }
  }
  if (options.json)
    process.stdout.write(`${JSON.stringify({ stage, isDryRun, queues: results }, null, 2)}\n`);
  if (stop.signal.aborted)
    throw new CommandError("The command was stopped. Run it again for the messages that are left.");
  if (failures.length > 0)
    throw new CommandError(
      `${failures.length} of ${queues.length} queues were not redriven completely. Messages that were received stay hidden for up to five minutes; then run the command again.`,
    );
};
