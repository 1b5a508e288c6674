/** Waits for something, whether it succeeds or fails, but no longer than so many milliseconds. */
export const settledWithin = async (work: Promise<unknown>, milliseconds: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.allSettled([work]), late]);
  clearTimeout(timer);
};
