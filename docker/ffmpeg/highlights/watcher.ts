import { createLogger } from "../../../adapters/aws/logger.ts";
import { type BufferedMetrics, createMetrics } from "../../../adapters/aws/metrics.ts";
import { noMetrics } from "../../../adapters/local/metrics.ts";
import { createParentNotifier } from "../../../adapters/local/parent-notifier.ts";
import type { WatcherMessage } from "../../../adapters/local/watcher-messages.ts";
import { exitCodes } from "../../../pipeline/attempts/exit-codes.ts";
import { parseEnvironment } from "../../../pipeline/environment/parse-environment.ts";
import { type WatcherEnvironment, watcherEnvironment } from "../../../pipeline/environment/watcher.ts";
import { formatError } from "../../../pipeline/errors/errors.ts";
import type { Clock } from "../../../pipeline/ports/clock.ts";
import type { Notifier } from "../../../pipeline/ports/notifier.ts";
import { exitOnUncaughtError } from "../startup/uncaught-errors.ts";
import { reportInitializationFailure, runLambdaRuntime } from "./lambda-runtime.ts";
import { openWatcher } from "./open-watcher.ts";
import { runWatch } from "./run-watch.ts";

const clock: Clock = { now: () => new Date() };
const log = createLogger("watcher");
exitOnUncaughtError(log);

const stopController = new AbortController();
const stop = (): void => stopController.abort(new Error("The watcher was stopped."));
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
// The runtime on one machine has an IPC channel to its watchers. When it closes, the runtime has exited.
if (process.channel !== undefined) process.once("disconnect", stop);

/** Seconds of a run on one machine, as on AWS. */
const runSeconds = 75;

const openNotifier = async ({ AWS_REGION: region }: WatcherEnvironment): Promise<Notifier> => {
  if (process.channel !== undefined) return createParentNotifier(process);
  const [{ SNSClient }, { createSnsNotifier }] = await Promise.all([
    import("@aws-sdk/client-sns"),
    import("../../../adapters/aws/notifier.ts"),
  ]);
  return createSnsNotifier(new SNSClient({ region }));
};

/** Opens the watcher in the environment. Returns the function that runs it, until a time in epoch milliseconds. */
const open = async (environment: WatcherEnvironment) => {
  const { signal } = stopController;
  const published: BufferedMetrics | undefined =
    environment.STAGE === undefined ? undefined : createMetrics("watcher", environment.STAGE);
  const metrics = published ?? noMetrics;
  const notifier = await openNotifier(environment);
  const watcher = await openWatcher(
    { environment, searchPath: process.env.PATH, notifier, metrics, clock, log },
    signal,
  );
  return async (endMs: number) => {
    try {
      const run = await runWatch(watcher, { endMs, signal, clock, metrics });
      log.info("The run has ended", { ...run });
      return run;
    } catch (error) {
      log.error("The run failed", { channel: watcher.channel, error });
      throw error;
    } finally {
      published?.publish();
    }
  };
};

/** The function of a channel on AWS. */
const serveFunction = async (endpoint: string): Promise<void> => {
  let run: Awaited<ReturnType<typeof open>>;
  try {
    run = await open(parseEnvironment("The watcher", watcherEnvironment, process.env));
  } catch (cause) {
    await reportInitializationFailure(endpoint, cause);
    throw cause;
  }
  await runLambdaRuntime({
    endpoint,
    handle: ({ deadlineMs }) => run(deadlineMs),
    signal: stopController.signal,
  });
};

/** One run on one machine. The runtime gets the reason if it fails. */
const runOnce = async (): Promise<void> => {
  const report = (message: Extract<WatcherMessage, { readonly kind: "ended" }>): Promise<void> =>
    new Promise((resolve) => {
      if (process.send === undefined) resolve();
      else process.send(message, () => resolve());
    });
  try {
    const run = await open(parseEnvironment("The watcher", watcherEnvironment, process.env));
    await run(Date.now() + runSeconds * 1000);
    await report({ kind: "ended" });
  } catch (cause) {
    await report({ kind: "ended", failure: formatError(cause) });
    throw cause;
  }
};

const endpoint = process.env.AWS_LAMBDA_RUNTIME_API;
void (endpoint === undefined ? runOnce() : serveFunction(endpoint)).then(
  () => process.exit(0),
  (error: unknown) => {
    if (stopController.signal.aborted) process.exit(0);
    log.error("The watcher has ended", { error });
    process.exit(exitCodes.temporary);
  },
);
