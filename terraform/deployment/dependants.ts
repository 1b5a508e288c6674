import type { SynthesisedStack } from "../runner/stacks.ts";

/** The stack whose bucket keeps the state of all. */
export const stateStack = "state";

/** The stacks, themselves left out, that depend on these, directly or through others. */
export const dependants = (
  stacks: readonly SynthesisedStack[],
  include: readonly string[],
): readonly SynthesisedStack[] => {
  const reached = new Set(stacks.filter(({ stack }) => include.includes(stack)).map(({ name }) => name));
  // In the order they are applied: what a stack depends on has been looked at before it.
  for (const { name, dependsOn } of stacks) if (dependsOn.some((one) => reached.has(one))) reached.add(name);
  // The state of every stack lies in the state stack's bucket, said or not.
  const all = include.includes(stateStack);
  return stacks.filter(({ name, stack }) => (all || reached.has(name)) && !include.includes(stack));
};
