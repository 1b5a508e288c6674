import { formatError } from "../pipeline/errors/errors.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import type { Engine } from "../pipeline/routing/route.ts";
import { waitAtMost } from "./timeouts.ts";

/** Whether an engine can take jobs. */
export interface EngineStatus {
  readonly name: Engine;
  readonly status: "working" | "failing";
  /** Why it fails and what to do; null while it works. */
  readonly message: string | null;
}

/** What an engine needs, looked at now and then. */
export interface EngineCheck {
  readonly name: Engine;
  /** Rejects with what is wrong. */
  check(): Promise<void>;
}

interface EngineHealthOptions {
  readonly checks: readonly EngineCheck[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Called with one line for a person when an engine begins to fail, and when it works again. */
  readonly onChange: (line: string) => void;
}

/** What a runtime knows of its engines. */
export interface EngineHealth {
  list(): readonly EngineStatus[];
  /** Looks at every engine. Never rejects. */
  check(): Promise<void>;
  /** Has the starts of an engine's jobs count: one that fails for the engine's sake says that the engine fails. */
  trackStarts<Args extends readonly unknown[], Result>(
    name: Engine,
    start: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>;
  /** From now on nothing changes: what fails while a runtime stops says nothing of its engines. */
  close(): void;
}

/** Longest time an engine may take to answer a check, milliseconds. */
const checkTimeoutMs = 10_000;
/** The reconciler repeats a start that failed each second after its first minute: one not repeated is over. */
const startFailureTtlMs = 90_000;

const isTransient = (cause: unknown): boolean =>
  !(cause instanceof Error && "retryable" in cause && cause.retryable === false);

/** A status in one line for a person. */
export const describeEngine = ({ name, status, message }: EngineStatus): string =>
  status === "working"
    ? `The ${name} engine works again. Its pending jobs start within a minute.`
    : `The ${name} engine is failing: ${message} Its jobs stay pending and start once it works.`;

const toSentence = (cause: unknown): string => formatError(cause).replace(/[.:;,]?$/, ".");

/** Watches the engines by checks and by the starts of jobs, and tells when one begins to fail or works again. */
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
    let checkError: string | undefined = `it has not answered for ${checkTimeoutMs / 1000} s.`;
    const completion = check().then(
      () => {
        checkError = undefined;
      },
      (cause: unknown) => {
        checkError = toSentence(cause);
      },
    );
    await waitAtMost(completion, checkTimeoutMs);
    // The check names what made the starts fail: once it passes, they are over too.
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
          // What is wrong with one job says nothing of the engine.
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
