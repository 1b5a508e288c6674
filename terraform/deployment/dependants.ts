import type { SynthesizedStack } from "../runner/stacks.ts";

/** The stack whose bucket holds the states of all stacks. */
export const stateStackName = "state";

/** Finds the stacks outside `include` that depend on those inside, directly or transitively. */
export const findDependants = (
  stacks: readonly SynthesizedStack[],
  include: readonly string[],
): readonly SynthesizedStack[] => {
  const dependantNames = new Set(
    stacks.filter(({ stack }) => include.includes(stack)).map(({ name }) => name),
  );
  // The stacks are in the order of their application, so dependencies come first.
  for (const { name, dependsOn } of stacks)
    if (dependsOn.some((one) => dependantNames.has(one))) dependantNames.add(name);
  // Every stack depends on the state stack, whose bucket holds its state.
  const isStateStackIncluded = include.includes(stateStackName);
  return stacks.filter(
    ({ name, stack }) => (isStateStackIncluded || dependantNames.has(name)) && !include.includes(stack),
  );
};
