import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createLocalQueue, type LocalQueue } from "../adapters/local/queue.ts";
import { importModule } from "../build/import-module.ts";
import { createOnJobFinishedHandler } from "../lambdas/on-job-finished/handle-finished-jobs.ts";
import type { OnJobFinished } from "../lambdas/on-job-finished/on-job-finished.ts";
import { createOnOutputHandler, type OnOutputPorts } from "../lambdas/on-output/notify-thumbnails.ts";
import type { OnOutput } from "../lambdas/on-output/on-output.ts";
import { HookError, type HookName, type Hooks } from "../pipeline/configuration/hooks-schema.ts";
import { formatError } from "../pipeline/errors/errors.ts";
import type { BatchResponse } from "../pipeline/events/sqs-messages.ts";
import { parseFinishedJob } from "../pipeline/jobs/finished-job.ts";
import { waitAtMost } from "./timeouts.ts";
import { createObjectCreatedEvent, createSqsEvent } from "./upload-events.ts";

/** The hooks of a project on one machine. */
export interface LocalHooks {
  /** Queues the calls of the hooks for a message of the topic of finished jobs, after its outputs are published. */
  send(message: unknown): Promise<void>;
  /** Waits for the calls that are queued, at most 30 seconds. */
  close(): Promise<void>;
}

/** Builds the event of a queued message; undefined if there is nothing to handle. */
type ToEvent = (message: unknown) => Promise<unknown>;

const closeTimeoutMs = 30_000;

/** Imports a hook. Its failures are passed to `notify`, a repeated one once. */
const importHook = async <Event>(
  name: HookName,
  path: string,
  notify: (line: string) => void,
): Promise<(event: Event) => Promise<void>> => {
  try {
    if (!existsSync(path)) throw new Error("the file does not exist");
    const { [name]: hook } = await importModule(resolve(path));
    if (typeof hook !== "function") throw new Error(`it exports no function ${name}`);
    let lastReason: string | undefined;
    return async (event) => {
      try {
        await hook(event);
      } catch (cause) {
        const reason = formatError(cause);
        if (reason !== lastReason)
          notify(`Warning: The hook ${name} failed: ${reason}. The log has each call.`);
        lastReason = reason;
        throw cause;
      }
    };
  } catch (cause) {
    throw new HookError(name, path, cause);
  }
};

/**
 * Imports the hooks of a project and queues their calls, as the functions on-output and on-job-finished and their queues
 * do on AWS. A hook that rejects is called again up to four times, and does not affect the job.
 *
 * @throws HookError if a module cannot be used
 */
export const openHooks = async (
  { onOutput, onJobFinished }: Hooks,
  ports: Omit<OnOutputPorts, "onOutput"> & {
    /** Prints a line on the terminal. */
    readonly notify: (line: string) => void;
  },
): Promise<LocalHooks> => {
  const { outputBucket, objects, log, notify } = ports;
  const createQueue = (handle: (event: unknown) => Promise<BatchResponse>, toEvent: ToEvent): LocalQueue =>
    createLocalQueue(async (message) => {
      const event = await toEvent(message);
      if (event === undefined) return;
      const { batchItemFailures } = await handle(createSqsEvent("hook", event));
      if (batchItemFailures.length > 0) throw new Error("The hook failed.");
    }, log);
  /** Workers write outputs in processes of their own, so the event is built from the object. */
  const toCreatedEvent: ToEvent = async (key) => {
    const head = await objects.head({ bucket: outputBucket, key: String(key) });
    return head && createObjectCreatedEvent(head);
  };
  const outputs =
    onOutput &&
    createQueue(
      createOnOutputHandler({
        ...ports,
        onOutput: (await importHook("onOutput", onOutput, notify)) satisfies OnOutput,
      }),
      toCreatedEvent,
    );
  const finishedJobs =
    onJobFinished &&
    createQueue(
      createOnJobFinishedHandler({
        log,
        onJobFinished: (await importHook("onJobFinished", onJobFinished, notify)) satisfies OnJobFinished,
      }),
      async (message) => message,
    );
  const queues = [outputs, finishedJobs].flatMap((queue) => queue || []);
  return {
    async send(message) {
      const job = parseFinishedJob(message);
      if (outputs && job?.status === "Complete") for (const { key } of job.outputs) await outputs.send(key);
      if (finishedJobs) await finishedJobs.send(message);
    },
    async close() {
      await waitAtMost(Promise.all(queues.map((queue) => queue.waitUntilIdle())), closeTimeoutMs);
      for (const queue of queues) queue.close();
    },
  };
};
