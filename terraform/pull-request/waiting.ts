import type { PlanDocument } from "./plan-document.ts";
import type { Read, StackReads } from "./stack-reads.ts";

/** What a stack waits for. */
export interface WaitsFor {
  /** Name of the stack that must be applied first: `storage`. */
  readonly stack: string;
  /** Outputs that are not there yet or change with that stack; empty where its whole state is missing. */
  readonly outputs: readonly string[];
}

/** What is known of a stack's outputs before anything is applied. */
export interface Outlook {
  readonly stack: string;
  /** undefined: the stack could not be planned, so that each of its outputs may come or change. */
  readonly outputs:
    | { readonly stored: ReadonlySet<string>; readonly changing: ReadonlySet<string> }
    | undefined;
  readonly hasState: boolean;
}

const isSettled = ({ outputs, hasState }: Outlook, output: string | undefined): boolean => {
  if (outputs === undefined) return false;
  if (output === undefined) return hasState;
  return outputs.stored.has(output) && !outputs.changing.has(output);
};

/** A plan cannot be made, or only with values that are about to change. */
export const isMissing = (outlook: Outlook, output: string | undefined): boolean =>
  outlook.outputs === undefined ||
  (output === undefined ? !outlook.hasState : !outlook.outputs.stored.has(output));

const unsettled = (
  reads: readonly Read[],
  upstreams: ReadonlyMap<string, Outlook>,
  isIt: (outlook: Outlook, output: string | undefined) => boolean,
): readonly Read[] =>
  reads.filter(({ state, output }) => {
    const upstream = upstreams.get(state);
    return upstream !== undefined && isIt(upstream, output);
  });

/** The reads that no plan can be made with: what they name is in no state. */
export const missingReads = (
  { reads }: StackReads,
  upstreams: ReadonlyMap<string, Outlook>,
): readonly Read[] => unsettled(reads, upstreams, isMissing);

/** The reads whose values are not what they will be once the stacks before were applied. */
export const unsettledReads = (
  { reads }: StackReads,
  upstreams: ReadonlyMap<string, Outlook>,
): readonly Read[] => unsettled(reads, upstreams, (outlook, output) => !isSettled(outlook, output));

/** Reads, told by stack. */
export const waitsFor = (
  reads: readonly Read[],
  upstreams: ReadonlyMap<string, Outlook>,
): readonly WaitsFor[] => {
  const outputs = new Map<string, string[]>();
  for (const { state, output } of reads) {
    const name = upstreams.get(state)?.stack;
    if (name === undefined) continue;
    const known = outputs.get(name) ?? [];
    outputs.set(name, output === undefined ? known : [...known, output].sort());
  }
  return [...outputs].map(([stack, names]) => ({ stack, outputs: names }));
};

/**
 * What a planned stack's outputs are, and which of them its plan changes; one that is made of a value that has yet to
 * change changes too, whatever the plan says.
 *
 * @param unsettled the reads that the plan was made with although they will change
 */
export const outlookOf = (
  stack: string,
  plan: PlanDocument,
  { outputs }: StackReads,
  unsettled: readonly Read[],
): Outlook => {
  const values = plan.prior_state?.values;
  const changes = Object.entries(plan.output_changes).filter(
    ([, { actions }]) => !actions.every((action) => action === "no-op"),
  );
  const hangs = [...outputs].filter(([, reads]) =>
    reads.some(({ state, output }) =>
      unsettled.some((other) => other.state === state && other.output === output),
    ),
  );
  return {
    stack,
    hasState: values !== undefined,
    outputs: {
      stored: new Set(Object.keys(values?.outputs ?? {})),
      changing: new Set([...changes, ...hangs].map(([name]) => name)),
    },
  };
};
