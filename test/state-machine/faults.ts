import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../pipeline/ports/task-runner.ts";

/** What happens to one call of a run. */
export type Fault =
  /** It takes effect, and its answer never comes. */
  | { readonly kind: "lost answer" }
  /** It never arrives. */
  | { readonly kind: "lost request" }
  /** It takes effect, and others act before its answer comes. */
  | { readonly kind: "delayed answer"; readonly meanwhile: () => Promise<void> };

/** The calls of a run, counted from 1, and the faults of some of them. */
export interface FaultPlan {
  readonly faults: ReadonlyMap<number, Fault>;
  /** Names of the calls so far, in order. */
  readonly calls: string[];
}

/** True for a call without an effect: whether its request or its answer is lost is the same. */
export const isRead = (call: string): boolean =>
  /\.(read|readPipeline|readJob|head|describe|listAll|listUnnotified|list|listVersions|listRunning|listPending|listAllPipelines)$/.test(
    call,
  );

/** True while a fault is still to come, and in a way without any. */
export const expectsFaults = ({ faults, calls }: FaultPlan): boolean =>
  faults.size === 0 || [...faults.keys()].some((call) => call > calls.length);

export const createFaultPlan = (faults: ReadonlyMap<number, Fault> = new Map()): FaultPlan => ({
  faults,
  calls: [],
});

/** What an adapter makes of a connection that was reset. */
const reset = (call: string): Error =>
  call === "tasks.run"
    ? new TaskNotStarted(`${call}: the connection was reset`, { retryable: true })
    : new StoreFailure("transient", `${call}: the connection was reset`);

type Method = (...given: unknown[]) => unknown;
const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value && !("pipe" in value);

/**
 * The same port, each call of which is counted and may meet its fault. A list counts as one call: its answer is whole,
 * and old when it is delayed.
 */
export const withFaults = <Port extends object>(name: string, port: Port, plan: FaultPlan): Port => {
  const meet = (call: string): Fault | undefined => plan.faults.get(plan.calls.push(call));
  const listed = async function* (call: string, list: AsyncIterable<unknown>) {
    const fault = meet(call);
    if (fault?.kind === "lost request") throw reset(call);
    const all: unknown[] = [];
    for await (const entry of list) all.push(entry);
    if (fault?.kind === "lost answer") throw reset(call);
    if (fault?.kind === "delayed answer") await fault.meanwhile();
    yield* all;
  };
  const answered = async (call: string, act: () => unknown): Promise<unknown> => {
    const fault = meet(call);
    if (fault?.kind === "lost request") throw reset(call);
    const answer = await act();
    if (fault?.kind === "lost answer") throw reset(call);
    if (fault?.kind === "delayed answer") await fault.meanwhile();
    return answer;
  };
  const lists = new Set([
    "listAll",
    "listUnnotified",
    "list",
    "listVersions",
    "listRunning",
    "listPending",
    "listAllPipelines",
  ]);
  return new Proxy(port, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== "function" || typeof property !== "string") return method;
      const call = `${name}.${property}`;
      const act = (given: readonly unknown[]) => Reflect.apply(method as Method, target, given);
      if (!lists.has(property)) return (...given: unknown[]) => answered(call, () => act(given));
      return (...given: unknown[]) => {
        const list = act(given);
        // The jobs' `list` is a page, not an iterable.
        return isIterable(list) ? listed(call, list) : answered(call, () => list);
      };
    },
  });
};
