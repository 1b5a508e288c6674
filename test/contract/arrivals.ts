/** Collects values, which are taken one by one in order of arrival. */
export const createArrivals = <Value>() => {
  const buffered: Value[] = [];
  const waiters: ((value: Value) => void)[] = [];
  return {
    arrive(value: Value): void {
      const waiter = waiters.shift();
      if (waiter === undefined) buffered.push(value);
      else waiter(value);
    },
    /** The next value, as soon as it arrives. */
    take(): Promise<Value> {
      const [first] = buffered.splice(0, 1);
      return first === undefined ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve(first);
    },
  };
};
