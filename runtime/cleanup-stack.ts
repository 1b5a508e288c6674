/** What was opened, in the order of opening. */
export interface CleanupStack {
  add(close: () => unknown): void;
  /**
   * Closes everything, last opened first, whatever fails on the way; a second call does nothing.
   *
   * @throws the first failure
   */
  close(): Promise<void>;
}

/** Keeps what must be closed, so that a start that fails half-way leaves nothing open. */
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
