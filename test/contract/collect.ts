/** All values of an iteration, in order. */
export const collect = async <Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> => {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
};
