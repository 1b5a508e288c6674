import type { SynthesizedStack } from "../../terraform/runner/stacks.ts";

/**
 * Does work on every stack as soon as it is done on all those it needs; the first failure is thrown once nothing runs
 * any more.
 *
 * @param dependenciesOf names of the stacks that must be done before this one
 */
export const runInOrder = async (
  stacks: readonly SynthesizedStack[],
  dependenciesOf: (stack: SynthesizedStack) => readonly string[],
  action: (stack: SynthesizedStack) => Promise<void>,
): Promise<void> => {
  const started = new Map<string, Promise<void>>();
  const start = (stack: SynthesizedStack): Promise<void> => {
    const running = started.get(stack.name);
    if (running !== undefined) return running;
    const dependencies = stacks.filter(({ name }) => dependenciesOf(stack).includes(name)).map(start);
    const promise = Promise.all(dependencies).then(() => action(stack));
    started.set(stack.name, promise);
    return promise;
  };
  const results = await Promise.allSettled(stacks.map(start));
  for (const result of results) if (result.status === "rejected") throw result.reason;
};
