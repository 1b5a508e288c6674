import type { Capabilities } from "./capabilities.ts";

/** The texts ffmpeg prints for `-version`, `-encoders`, `-muxers`, `-filters`. */
export interface CapabilityTexts {
  readonly version: string;
  readonly encoders: string;
  readonly muxers: string;
  readonly filters: string;
}

const names = (text: string, line: RegExp): ReadonlySet<string> =>
  new Set(
    text.split("\n").flatMap((row) => {
      const name = line.exec(row)?.[1];
      return name === undefined ? [] : name.split(",");
    }),
  );

/** Reads what a build of ffmpeg can do from its own lists. */
export const parseCapabilities = (texts: CapabilityTexts): Capabilities => {
  const version = /^ffmpeg version (\S+)/m.exec(texts.version)?.[1] ?? "unknown";
  const [major = 0, minor = 0] = /^\d+\.\d+/.exec(version)?.[0].split(".").map(Number) ?? [];
  return {
    version,
    encoders: names(texts.encoders, /^ [VAS][F.][S.][X.][B.][D.] ([^\s=]+)/),
    muxers: names(texts.muxers, /^ {1,2}[D ]?E\s+([^\s=]+)/),
    filters: names(texts.filters, /^ [T.][S.][C.] ([^\s=]+)/),
    statsPeriod: major > 4 || (major === 4 && minor >= 4),
  };
};
