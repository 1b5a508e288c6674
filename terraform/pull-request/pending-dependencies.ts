import type { PlanDocument } from "./plan-document.ts";
import type { OutputReference, StackDependencies } from "./stack-dependencies.ts";

/** A stack that must be applied before another can be planned. */
export interface PendingDependency {
  /** Name of the stack that must be applied first, e.g. `storage`. */
  readonly stack: string;
  /** Outputs that are missing or will change; empty if the whole state is missing. */
  readonly outputs: readonly string[];
}

/** The outputs of a stack, as known before the apply. */
export interface PlannedOutputs {
  readonly stack: string;
  /** Undefined if the stack could not be planned, so any output may be added or change. */
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

/** Whether an output, or the state if undefined, does not exist yet. */
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

/** Finds the references to missing outputs or states, without which the stack cannot be planned. */
export const findMissingReferences = (
  { references }: StackDependencies,
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
): readonly OutputReference[] => filterReferences(references, upstreamOutputs, isMissing);

/** Finds the references whose values are missing or will change when the stacks before are applied. */
export const findChangingReferences = (
  { references }: StackDependencies,
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
): readonly OutputReference[] =>
  filterReferences(references, upstreamOutputs, (plannedOutputs, output) => !isFinal(plannedOutputs, output));

/** Groups references by stack. */
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
 * Predicts the outputs of a planned stack, and which of them change. An output that depends on a changing value counts as
 * changing, even if the plan does not change it.
 *
 * @param filterReferences references that were used for the plan although their values will change
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
