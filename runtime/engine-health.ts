import type { EngineStatus } from "../pipeline/api/job-list.ts";
import { formatError } from "../pipeline/errors/errors.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import type { Engine } from "../pipeline/routing/route.ts";
import { waitAtMost } from "./timeouts.ts";

/** A periodic check of an engine. */
export interface EngineCheck {
  readonly name: Engine;
  /** Rejects with the failure. */
  check(): Promise<void>;
}

interface EngineHealthOptions {
  readonly checks: readonly EngineCheck[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Called with one line of text when an engine begins to fail, and when it works again. */
  readonly onChange: (line: string) => void;
}

/** The health of the engines, from periodic checks and from the starts of jobs. */
export interface EngineHealth {
  list(): readonly EngineStatus[];
  /** Checks every engine. Never rejects. */
  check(): Promise<void>;
  /** Wraps the function that starts an engine's jobs: a transient failure marks the engine as failing. */
  trackStarts<Args extends readonly unknown[], Result>(
    name: Engine,
    start: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>;
  /** Ignores all later results, because failures during the stop of a runtime do not concern the engines. */
  close(): void;
}

/** Timeout of a check, milliseconds. */
const checkTimeoutMs = 10_000;
/** The reconciler retries a failed start every second after its first minute, so an older failure is resolved. */
const startFailureTtlMs = 90_000;

const isTransient = (cause: unknown): boolean =>
  !(cause instanceof Error && "retryable" in cause && cause.retryable === false);

/** Describes a status in one line. */
export const describeEngine = ({ name, status, message }: EngineStatus): string =>
  status === "working"
    ? `The ${name} engine works again. Its pending jobs start within a minute.`
    : `The ${name} engine is failing: ${message} Its jobs stay pending and start when it works again.`;

const toSentence = (cause: unknown): string => formatError(cause).replace(/[.:;,]?$/, ".");

/** Tracks the health of the engines and calls `onChange` when one begins to fail or works again. */
export const createEngineHealth = ({ checks, clock, log, onChange }: EngineHealthOptions): EngineHealth => {
  const statuses = new Map<Engine, EngineStatus>(
    checks.map(({ name }) => [name, { name, status: "working", message: null }]),
  );
  const startFailures = new Map<Engine, { readonly message: string; readonly atMs: number }>();

  let isClosed = false;

  const updateStatus = (name: Engine, failure: string | undefined): void => {
    if (isClosed) return;
    const status: EngineStatus =
      failure === undefined
        ? { name, status: "working", message: null }
        : { name, status: "failing", message: failure };
    const previous = statuses.get(name);
    statuses.set(name, status);
    if (previous?.status === status.status) return;
    const line = describeEngine(status);
    if (failure === undefined) log.info(line);
    else log.error(line);
    onChange(line);
  };

  const findRecentStartFailure = (name: Engine): string | undefined => {
    const failure = startFailures.get(name);
    return failure !== undefined && clock.now().getTime() - failure.atMs < startFailureTtlMs
      ? failure.message
      : undefined;
  };

  const runCheck = async ({ name, check }: EngineCheck): Promise<void> => {
    let checkError: string | undefined = `the check timed out after ${checkTimeoutMs / 1000} s.`;
    const completion = check().then(
      () => {
        checkError = undefined;
      },
      (cause: unknown) => {
        checkError = toSentence(cause);
      },
    );
    await waitAtMost(completion, checkTimeoutMs);
    // A failing check explains the failed starts; when it passes again, they are resolved too.
    if (checkError !== undefined) startFailures.delete(name);
    updateStatus(name, checkError ?? findRecentStartFailure(name));
  };

  return {
    list: () => [...statuses.values()],
    async check() {
      await Promise.all(checks.map(runCheck));
    },
    trackStarts:
      (name, start) =>
      async (...args) => {
        try {
          const result = await start(...args);
          startFailures.delete(name);
          return result;
        } catch (cause) {
          // A permanent error concerns the job, not the engine.
          if (isTransient(cause)) {
            startFailures.set(name, { message: toSentence(cause), atMs: clock.now().getTime() });
            updateStatus(name, toSentence(cause));
          }
          throw cause;
        }
      },
    close() {
      isClosed = true;
    },
  };
};
