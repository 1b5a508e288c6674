/** What arrives somewhere, to be taken one by one, in order of arrival. */
export const createArrivals = <Value>() => {
  const arrived: Value[] = [];
  const waiting: ((value: Value) => void)[] = [];
  return {
    arrive(value: Value): void {
      const taker = waiting.shift();
      if (taker === undefined) arrived.push(value);
      else taker(value);
    },
    /** The next one, as soon as it is there. */
    take(): Promise<Value> {
      const [first] = arrived.splice(0, 1);
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
};
