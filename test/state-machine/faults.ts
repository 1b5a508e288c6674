import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../pipeline/ports/task-runner.ts";

/** What happens to one call of a run. */
export type Fault =
  /** It takes effect, and its response is lost. */
  | { readonly kind: "lost answer" }
  /** It is lost. */
  | { readonly kind: "lost request" }
  /** It takes effect, and others act before its response arrives. */
  | { readonly kind: "delayed answer"; readonly beforeAnswer: () => Promise<void> };

/** The calls of a run, counted from 1, and the faults of some of them. */
export interface FaultPlan {
  readonly faults: ReadonlyMap<number, Fault>;
  /** Names of the calls so far, in order. */
  readonly calls: string[];
}

/** True for a call without an effect: a lost request and a lost response are equivalent. */
export const isRead = (call: string): boolean =>
  /\.(read|readRegistry|readCursor|readPipeline|readJob|head|describe|listAll|listUnnotified|list|listVersions|listVersionPages|listRunning|listPending|listAllPipelines)$/.test(
    call,
  );

/** True while faults are pending, and in a run without any. */
export const hasPendingFaults = ({ faults, calls }: FaultPlan): boolean =>
  faults.size === 0 || [...faults.keys()].some((call) => call > calls.length);

export const createFaultPlan = (faults: ReadonlyMap<number, Fault> = new Map()): FaultPlan => ({
  faults,
  calls: [],
});

/** An adapter's error for a reset connection. */
const buildConnectionReset = (call: string): Error =>
  call === "tasks.run"
    ? new TaskNotStarted(`${call}: the connection was reset`, "unknown")
    : new StoreFailure("transient", `${call}: the connection was reset`);

type Method = (...args: unknown[]) => unknown;
const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value && !("pipe" in value);

/**
 * The same port, each call of which is counted and may meet its fault. A list counts as one call: its answer is whole,
 * and old when it is delayed.
 */
export const withFaults = <Port extends object>(name: string, port: Port, plan: FaultPlan): Port => {
  const nextFault = (call: string): Fault | undefined => plan.faults.get(plan.calls.push(call));
  const listWithFault = async function* (call: string, list: AsyncIterable<unknown>) {
    const fault = nextFault(call);
    if (fault?.kind === "lost request") throw buildConnectionReset(call);
    const all: unknown[] = [];
    for await (const entry of list) all.push(entry);
    if (fault?.kind === "lost answer") throw buildConnectionReset(call);
    if (fault?.kind === "delayed answer") await fault.beforeAnswer();
    yield* all;
  };
  const answerWithFault = async (call: string, act: () => unknown): Promise<unknown> => {
    const fault = nextFault(call);
    if (fault?.kind === "lost request") throw buildConnectionReset(call);
    const answer = await act();
    if (fault?.kind === "lost answer") throw buildConnectionReset(call);
    if (fault?.kind === "delayed answer") await fault.beforeAnswer();
    return answer;
  };
  const lists = new Set([
    "listAll",
    "listUnnotified",
    "list",
    "listVersions",
    "listVersionPages",
    "listRunning",
    "listPending",
    "listAllPipelines",
  ]);
  return new Proxy(port, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== "function" || typeof property !== "string") return method;
      const call = `${name}.${property}`;
      const callMethod = (args: readonly unknown[]) => Reflect.apply(method as Method, target, args);
      if (!lists.has(property)) return (...args: unknown[]) => answerWithFault(call, () => callMethod(args));
      return (...args: unknown[]) => {
        const list = callMethod(args);
        // The jobs' `list` is a page, not an iterable.
        return isIterable(list) ? listWithFault(call, list) : answerWithFault(call, () => list);
      };
    },
  });
};
