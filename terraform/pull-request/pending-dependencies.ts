import type { PlanDocument } from "./plan-document.ts";
import type { OutputReference, StackDependencies } from "./stack-dependencies.ts";

/** What a stack waits for. */
export interface PendingDependency {
  /** Name of the stack that must be applied first: `storage`. */
  readonly stack: string;
  /** Outputs that are not there yet or change with that stack; empty where its whole state is missing. */
  readonly outputs: readonly string[];
}

/** What is known of a stack's outputs before anything is applied. */
export interface PlannedOutputs {
  readonly stack: string;
  /** undefined: the stack could not be planned, so that each of its outputs may come or change. */
  readonly outputs:
    | { readonly stored: ReadonlySet<string>; readonly changing: ReadonlySet<string> }
    | undefined;
  readonly hasState: boolean;
}

const isFinal = ({ outputs, hasState }: PlannedOutputs, output: string | undefined): boolean => {
  if (outputs === undefined) return false;
  if (output === undefined) return hasState;
  return outputs.stored.has(output) && !outputs.changing.has(output);
};

/** A plan cannot be made, or only with values that are about to change. */
export const isMissing = (plannedOutputs: PlannedOutputs, output: string | undefined): boolean =>
  plannedOutputs.outputs === undefined ||
  (output === undefined ? !plannedOutputs.hasState : !plannedOutputs.outputs.stored.has(output));

const filterReferences = (
  references: readonly OutputReference[],
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
  matches: (plannedOutputs: PlannedOutputs, output: string | undefined) => boolean,
): readonly OutputReference[] =>
  references.filter(({ state, output }) => {
    const upstream = upstreamOutputs.get(state);
    return upstream !== undefined && matches(upstream, output);
  });

/** The reads that no plan can be made with: what they name is in no state. */
export const findMissingReferences = (
  { references }: StackDependencies,
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
): readonly OutputReference[] => filterReferences(references, upstreamOutputs, isMissing);

/** The reads whose values are not what they will be once the stacks before were applied. */
export const findChangingReferences = (
  { references }: StackDependencies,
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
): readonly OutputReference[] =>
  filterReferences(references, upstreamOutputs, (plannedOutputs, output) => !isFinal(plannedOutputs, output));

/** Reads, told by stack. */
export const groupByStack = (
  references: readonly OutputReference[],
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
): readonly PendingDependency[] => {
  const outputs = new Map<string, string[]>();
  for (const { state, output } of references) {
    const name = upstreamOutputs.get(state)?.stack;
    if (name === undefined) continue;
    const outputNames = outputs.get(name) ?? [];
    outputs.set(name, output === undefined ? outputNames : [...outputNames, output].sort());
  }
  return [...outputs].map(([stack, names]) => ({ stack, outputs: names }));
};

/**
 * What a planned stack's outputs are, and which of them its plan changes; one that is made of a value that has yet to
 * change changes too, whatever the plan says.
 *
 * @param filterReferences the reads that the plan was made with although they will change
 */
export const predictOutputs = (
  stack: string,
  plan: PlanDocument,
  { outputs }: StackDependencies,
  filterReferences: readonly OutputReference[],
): PlannedOutputs => {
  const values = plan.prior_state?.values;
  const changes = Object.entries(plan.output_changes).filter(
    ([, { actions }]) => !actions.every((action) => action === "no-op"),
  );
  const dependentOutputs = [...outputs].filter(([, reads]) =>
    reads.some(({ state, output }) =>
      filterReferences.some((other) => other.state === state && other.output === output),
    ),
  );
  return {
    stack,
    hasState: values !== undefined,
    outputs: {
      stored: new Set(Object.keys(values?.outputs ?? {})),
      changing: new Set([...changes, ...dependentOutputs].map(([name]) => name)),
    },
  };
};
