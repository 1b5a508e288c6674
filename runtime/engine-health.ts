import { oneLine } from "../pipeline/errors/user-error.ts";
import type { Clock, Log } from "../pipeline/ports/services.ts";
import type { Engine } from "../pipeline/routing/route.ts";
import { settledWithin } from "./patience.ts";

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
  readonly log: Log;
  /** Called with one line for a person when an engine begins to fail, and when it works again. */
  readonly onChange: (line: string) => void;
}

/** What a runtime knows of its engines. */
export interface EngineHealth {
  list(): readonly EngineStatus[];
  /** Looks at every engine. Never rejects. */
  check(): Promise<void>;
  /** Has the starts of an engine's jobs count: one that fails for the engine's sake says that the engine fails. */
  watchStarts<Arguments extends readonly unknown[], Answer>(
    name: Engine,
    start: (...given: Arguments) => Promise<Answer>,
  ): (...given: Arguments) => Promise<Answer>;
  /** From now on nothing changes: what fails while a runtime stops says nothing of its engines. */
  close(): void;
}

/** Longest time an engine may take to answer a check, milliseconds. */
const answerMs = 10_000;
/** The reconciler repeats a start that failed each second after its first minute: one not repeated is over. */
const startFailureMs = 90_000;

const isRetryable = (cause: unknown): boolean =>
  !(cause instanceof Error && "retryable" in cause && cause.retryable === false);

/** A status in one line for a person. */
export const describeEngine = ({ name, status, message }: EngineStatus): string =>
  status === "working"
    ? `The ${name} engine works again. Its pending jobs start within a minute.`
    : `The ${name} engine is failing: ${message} Its jobs stay pending and start once it works.`;

const sentence = (cause: unknown): string => oneLine(cause).replace(/[.:;,]?$/, ".");

/** Watches the engines by checks and by the starts of jobs, and tells when one begins to fail or works again. */
export const createEngineHealth = ({ checks, clock, log, onChange }: EngineHealthOptions): EngineHealth => {
  const known = new Map<Engine, EngineStatus>(
    checks.map(({ name }) => [name, { name, status: "working", message: null }]),
  );
  const startFailures = new Map<Engine, { readonly message: string; readonly atMs: number }>();

  let isClosed = false;

  const note = (name: Engine, failure: string | undefined): void => {
    if (isClosed) return;
    const status: EngineStatus =
      failure === undefined
        ? { name, status: "working", message: null }
        : { name, status: "failing", message: failure };
    const before = known.get(name);
    known.set(name, status);
    if (before?.status === status.status) return;
    const line = describeEngine(status);
    if (failure === undefined) log.info(line);
    else log.error(line);
    onChange(line);
  };

  const recentStartFailure = (name: Engine): string | undefined => {
    const failure = startFailures.get(name);
    return failure !== undefined && clock.now().getTime() - failure.atMs < startFailureMs
      ? failure.message
      : undefined;
  };

  const look = async ({ name, check }: EngineCheck): Promise<void> => {
    let failure: string | undefined = `it has not answered for ${answerMs / 1000} s.`;
    const looked = check().then(
      () => {
        failure = undefined;
      },
      (cause: unknown) => {
        failure = sentence(cause);
      },
    );
    await settledWithin(looked, answerMs);
    // The check names what made the starts fail: once it passes, they are over too.
    if (failure !== undefined) startFailures.delete(name);
    note(name, failure ?? recentStartFailure(name));
  };

  return {
    list: () => [...known.values()],
    async check() {
      await Promise.all(checks.map(look));
    },
    watchStarts:
      (name, start) =>
      async (...given) => {
        try {
          const answer = await start(...given);
          startFailures.delete(name);
          return answer;
        } catch (cause) {
          // What is wrong with one job says nothing of the engine.
          if (isRetryable(cause)) {
            startFailures.set(name, { message: sentence(cause), atMs: clock.now().getTime() });
            note(name, sentence(cause));
          }
          throw cause;
        }
      },
    close() {
      isClosed = true;
    },
  };
};
