import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { publishForChild } from "../../adapters/local/parent-notifier.ts";
import { signalGroup } from "../../adapters/local/process-group.ts";
import { localProgramEnvironment } from "../../adapters/local/process-task-runner.ts";
import type { WatcherMessage } from "../../adapters/local/watcher-messages.ts";
import { watcherProgram } from "../../build/package-directory.ts";
import type { Notifier } from "../../pipeline/ports/notifier.ts";

/** Options of `runWatcherProcess`. */
export interface WatcherProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** File to which the process appends its log. */
  readonly logPath: string;
  readonly notifier: Notifier;
  /** Stops the process: SIGTERM, then SIGKILL to its group. */
  readonly signal: AbortSignal;
}

/** A run ends by itself before that, as on AWS. */
const timeoutSeconds = 90;
const graceSeconds = 5;
/** Bytes of a log after which the next run begins another. The one before is kept. */
const maxLogBytes = 2 ** 20;

const describeExit = (child: ChildProcess): string =>
  child.signalCode === null
    ? `its process exited with code ${child.exitCode}`
    : `its process was ended by ${child.signalCode}`;

/**
 * Runs the watcher of a channel once, in a process and a process group of its own. What it has started ends with it.
 *
 * @returns why the run failed; undefined if it did not, or was stopped
 */
export const runWatcherProcess = async (options: WatcherProcessOptions): Promise<string | undefined> => {
  const { environment, logPath, notifier, signal } = options;
  signal.throwIfAborted();
  const logBytes = (await stat(logPath).catch(() => undefined))?.size ?? 0;
  if (logBytes > maxLogBytes) await rename(logPath, `${logPath}.1`);
  const log = openSync(logPath, "a");
  const child = spawn(process.execPath, [watcherProgram], {
    detached: true,
    env: { ...localProgramEnvironment, ...environment },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  let ended: Extract<WatcherMessage, { readonly kind: "ended" }> | undefined;
  child.on("message", (message: WatcherMessage) => {
    if (message.kind === "publish") void publishForChild(child, notifier, message);
    else ended = message;
  });
  const kill = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined) signalGroup(child.pid, name);
  };
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    killTimer ??= setTimeout(() => kill("SIGKILL"), graceSeconds * 1000);
  };
  let hasTimedOut = false;
  const timer = setTimeout(() => {
    hasTimedOut = true;
    stop();
  }, timeoutSeconds * 1000);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await once(child, "exit");
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal.removeEventListener("abort", stop);
    kill("SIGKILL");
  }
  if (signal.aborted) return undefined;
  if (hasTimedOut) return `the run did not end within ${timeoutSeconds} s`;
  return ended === undefined ? describeExit(child) : ended.failure;
};
