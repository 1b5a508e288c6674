/** True if ffmpeg has written no frame, e.g. because the position is after the end. It exits with 0 all the same. */
export const isOutputEmpty = (log: string): boolean => /Output file is empty|nothing was encoded/i.test(log);

/** Errors of demuxers at the end of a file that is shorter than its header says. */
const truncationPattern =
  /^\[[^\]]+ @ \w+\] (?:\[error\] )?(?:Read error|File ended prematurely|stream \d+, offset 0x[\da-f]+: partial file)/m;

/** True if a demuxer found the input to be shorter than its header says. Not every demuxer notices. */
export const isInputTruncated = (log: string): boolean => truncationPattern.test(log);

/** Times of the frames that the filter `showinfo` or `ashowinfo` has logged, in seconds. */
export const parseFrameTimes = (log: string): readonly number[] =>
  [...log.matchAll(/\bpts_time:\s*(-?[\d.]+)/g)].map(([, seconds]) => Number(seconds));

/** A part of ffmpeg that builds can be without. */
export interface FfmpegComponent {
  readonly kind: "filter" | "encoder" | "output format" | "option";
  readonly name: string;
}

const missingComponentMessages: readonly (readonly [FfmpegComponent["kind"], string])[] = [
  ["filter", "No such filter: '([^']+)'"],
  ["encoder", "Unknown encoder '([^']+)'"],
  ["output format", "Requested output format '([^']+)' is not"],
  ["option", "Unrecognized option '([^']+)'"],
  ["option", "Option '([^']+)' not found"],
  ["option", "Error applying option '([^']+)' to filter '[^']+': Option not found"],
];
/** Only at the start of a line with an error: the log has metadata of the source too. */
const missingComponentPatterns = missingComponentMessages.map(
  ([kind, message]) =>
    [kind, new RegExp(`^(?:\\[[^\\]]+ @ \\w+\\] )*\\[(?:error|fatal)\\] ${message}`, "m")] as const,
);

/** Finds what an ffmpeg build was without in a run that failed; undefined if the run failed for another reason. */
export const findMissingComponent = (log: string): FfmpegComponent | undefined => {
  for (const [kind, pattern] of missingComponentPatterns) {
    const name = pattern.exec(log)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
};
