/** Waits for something, whether it succeeds or fails, but no longer than so many milliseconds. */
export const waitAtMost = async (work: Promise<unknown>, timeoutMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.allSettled([work]), timeout]);
  clearTimeout(timer);
};
