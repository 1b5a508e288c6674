/** True if ffmpeg has written no frame, e.g. because the position is after the end. It exits with 0 all the same. */
export const isOutputEmpty = (log: string): boolean => /Output file is empty|nothing was encoded/i.test(log);

/** Times of the frames that the filter `showinfo` or `ashowinfo` has logged, in seconds. */
export const parseFrameTimes = (log: string): readonly number[] =>
  [...log.matchAll(/\bpts_time:\s*(-?[\d.]+)/g)].map(([, seconds]) => Number(seconds));
