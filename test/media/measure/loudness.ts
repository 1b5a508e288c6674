import type { MediaPrograms } from "../../e2e/media-programs.ts";

/** Loudness by ITU-R BS.1770 and EBU R 128. */
export interface Loudness {
  readonly integratedLufs: number;
  readonly truePeakDbtp: number;
}

/** Measures the first audio track of a file as it is decoded. */
export const measureLoudness = async (programs: MediaPrograms, path: string): Promise<Loudness> => {
  const log = await programs.ffmpeg([
    ...["-i", path, "-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"],
  ]);
  const summary = log.slice(log.lastIndexOf("Summary:"));
  const [, integrated] = /I:\s+(-?[\d.]+|-inf) LUFS/.exec(summary) ?? [];
  const [, peak] = /True peak:\s+Peak:\s+(-?[\d.]+|-inf) dBFS/.exec(summary) ?? [];
  if (integrated === undefined || peak === undefined) throw new Error(`no loudness: ${log.slice(-500)}`);
  const parse = (text: string) => (text === "-inf" ? -Infinity : Number(text));
  return { integratedLufs: parse(integrated), truePeakDbtp: parse(peak) };
};
