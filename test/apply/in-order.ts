import type { SynthesisedStack } from "../../terraform/runner/stacks.ts";

/**
 * Does work on every stack as soon as it is done on all those it needs; the first failure is thrown once nothing runs
 * any more.
 *
 * @param needs names of the stacks that must be done before this one
 */
export const inOrder = async (
  stacks: readonly SynthesisedStack[],
  needs: (stack: SynthesisedStack) => readonly string[],
  work: (stack: SynthesisedStack) => Promise<void>,
): Promise<void> => {
  const started = new Map<string, Promise<void>>();
  const start = (stack: SynthesisedStack): Promise<void> => {
    const known = started.get(stack.name);
    if (known !== undefined) return known;
    const before = stacks.filter(({ name }) => needs(stack).includes(name)).map(start);
    const own = Promise.all(before).then(() => work(stack));
    started.set(stack.name, own);
    return own;
  };
  const ends = await Promise.allSettled(stacks.map(start));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};
