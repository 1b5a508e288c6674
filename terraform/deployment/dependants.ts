import type { SynthesisedStack } from "../runner/stacks.ts";

/** The stack whose bucket keeps the state of all. */
export const stateStackName = "state";

/** The stacks, themselves left out, that depend on these, directly or through others. */
export const findDependants = (
  stacks: readonly SynthesisedStack[],
  include: readonly string[],
): readonly SynthesisedStack[] => {
  const dependantNames = new Set(
    stacks.filter(({ stack }) => include.includes(stack)).map(({ name }) => name),
  );
  // In the order they are applied: what a stack depends on has been looked at before it.
  for (const { name, dependsOn } of stacks)
    if (dependsOn.some((one) => dependantNames.has(one))) dependantNames.add(name);
  // The state of every stack lies in the state stack's bucket, said or not.
  const isStateStackIncluded = include.includes(stateStackName);
  return stacks.filter(
    ({ name, stack }) => (isStateStackIncluded || dependantNames.has(name)) && !include.includes(stack),
  );
};
