/** Close functions of opened resources, in the order of opening. */
export interface CleanupStack {
  add(close: () => unknown): void;
  /**
   * Calls all close functions in reverse order, even if some fail. A second call does nothing.
   *
   * @throws the first error
   */
  close(): Promise<void>;
}

/** Creates an empty stack, so that a start that fails half-way closes what it has opened. */
export const createCleanupStack = (): CleanupStack => {
  const callbacks: (() => unknown)[] = [];
  return {
    add: (close) => callbacks.push(close),
    async close() {
      const failures: unknown[] = [];
      for (const close of callbacks.splice(0).reverse())
        try {
          await close();
        } catch (cause) {
          failures.push(cause);
        }
      if (failures.length > 0) throw failures[0];
    },
  };
};
