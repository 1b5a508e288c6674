/** Waits until a promise settles, at most `timeoutMs`. Never rejects. */
export const waitAtMost = async (work: Promise<unknown>, timeoutMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.allSettled([work]), timeout]);
  clearTimeout(timer);
};
