import type { Capabilities } from "./capabilities.ts";

/** ffmpeg's output for `-version`, `-encoders`, `-muxers` and `-filters`. */
export interface CapabilityOutputs {
  readonly version: string;
  readonly encoders: string;
  readonly muxers: string;
  readonly filters: string;
}

const parseNames = (text: string, line: RegExp): ReadonlySet<string> =>
  new Set(
    text.split("\n").flatMap((row) => {
      const name = line.exec(row)?.[1];
      return name === undefined ? [] : name.split(",");
    }),
  );

/** Parses the capabilities of an ffmpeg build from its own lists. */
export const parseCapabilities = (texts: CapabilityOutputs): Capabilities => {
  const version = /^ffmpeg version (\S+)/m.exec(texts.version)?.[1] ?? "unknown";
  // Some distributors name a release after its tag, e.g. `n7.1`.
  const [, major = 0, minor = 0] = (/^n?(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  return {
    version,
    encoders: parseNames(texts.encoders, /^ [VAS][F.][S.][X.][B.][D.] ([^\s=]+)/),
    muxers: parseNames(texts.muxers, /^ {1,2}[D ]?E\s+([^\s=]+)/),
    filters: parseNames(texts.filters, /^ [T.][S.][C.] ([^\s=]+)/),
    hasStatsPeriod: major > 4 || (major === 4 && minor >= 4),
    // zimg 2.9 of 2019 has it right; no list of ffmpeg's names zimg's version.
    hasLuminanceOotf: major >= 5,
  };
};
