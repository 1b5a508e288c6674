import type { Capabilities } from "./capabilities.ts";

/** A list of components that an ffmpeg build prints, by the name of its option. */
export type ComponentList = "encoders" | "muxers" | "demuxers" | "filters";

const linePatterns: Readonly<Record<ComponentList, RegExp>> = {
  encoders: /^ [VAS][F.][S.][X.][B.][D.] ([^\s=]+)/,
  muxers: /^ {1,2}[D ]?E\s+([^\s=]+)/,
  demuxers: /^ {1,2}D[E ]?d? +([^\s=]+)/,
  filters: /^ [T.][S.][C.] ([^\s=]+)/,
};

/** Parses a list of components into their names. A line can have several. */
export const parseComponents = (list: ComponentList, text: string): ReadonlySet<string> =>
  new Set(text.split("\n").flatMap((line) => linePatterns[list].exec(line)?.[1]?.split(",") ?? []));

/** ffmpeg 6.0 was made in February 2023. */
const firstSnapshotOfRelease6 = 110_000;

/**
 * Parses the capabilities of an ffmpeg build.
 *
 * @param versionText ffmpeg's output for `-version`, or its banner
 */
export const parseCapabilities = (versionText: string, encoders: ReadonlySet<string>): Capabilities => {
  const version = /^ffmpeg version (\S+)/m.exec(versionText)?.[1] ?? "unknown";
  // Some distributors name a release after its tag, e.g. `n7.1`. A snapshot has the number of its commit.
  const snapshot = Number(/^N-(\d+)-/.exec(version)?.[1] ?? 0);
  const major = snapshot >= firstSnapshotOfRelease6 ? 6 : Number(/^n?(\d+)\./.exec(version)?.[1] ?? 0);
  return {
    version,
    encoders,
    hasOriginOfReadTracks: major >= 6,
    // zimg 2.9 of 2019 has it right; no list of ffmpeg's names zimg's version.
    hasLuminanceOotf: major >= 5,
  };
};
