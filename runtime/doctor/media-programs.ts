import { type CheckResult, ok } from "./check.ts";
import { getFfmpegInstallHint } from "./ffmpeg-install-hint.ts";

/** What is known of one program. */
export interface ProgramFacts {
  /** Absolute; undefined where neither PATH nor the packages have it. */
  readonly path?: string;
  /** As the program says it; undefined where it did not run. */
  readonly version?: string;
  /** Why it did not run. */
  readonly failure?: string;
}
/** What is known of ffmpeg and ffprobe. */
export interface MediaFacts {
  readonly ffmpeg: ProgramFacts;
  readonly ffprobe: ProgramFacts;
  /** The builds that npm brought are used. */
  readonly isPackaged: boolean;
  /** Of the two, the one that PATH has without the other: both are taken from one place. */
  readonly onlyOnPath?: "ffmpeg" | "ffprobe";
  readonly platform: string;
}

/** The oldest release with the fixes and demuxer options that the worker is tested with: Debian 12's. */
const minVersion = { major: 5, minor: 1 } as const;

/** Whether a version, e.g. `5.1.9-0+deb12u1` or `n7.1`, is older than 5.1; undefined where it names no release. */
export const isOldRelease = (version: string): boolean | undefined => {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const [majorNumber, minorNumber] = [Number(major), Number(minor)];
  return (
    majorNumber < minVersion.major || (majorNumber === minVersion.major && minorNumber < minVersion.minor)
  );
};

const riskMessage = "good enough to try things out, but files from strangers need a current build";

const getWarning = ({ isPackaged, onlyOnPath, ffmpeg }: MediaFacts): string | undefined => {
  const missing = onlyOnPath === "ffmpeg" ? "ffprobe" : "ffmpeg";
  if (isPackaged)
    return `the packaged build of 2018: ${riskMessage}${onlyOnPath === undefined ? "" : ` (PATH has ${onlyOnPath} without ${missing}; both are needed there)`}`;
  const isOld = isOldRelease(ffmpeg.version ?? "");
  if (isOld === undefined)
    return "a build without a release number: its age cannot be told, and files from strangers need a current build";
  return isOld ? `older than ${minVersion.major}.${minVersion.minor}: ${riskMessage}` : undefined;
};

/** Judges the programs by what is known of them. */
export const checkMediaPrograms = (facts: MediaFacts): readonly CheckResult[] =>
  (["ffmpeg", "ffprobe"] as const).map((name) => {
    const { path, version, failure } = facts[name];
    const nextStep = getFfmpegInstallHint(facts.platform);
    if (path === undefined)
      return { name, status: "failure", message: `${name} is neither on PATH nor in the packages`, nextStep };
    if (version === undefined)
      return {
        name,
        status: "failure",
        message: `${path} does not run: ${failure ?? "it printed no version"}`,
        nextStep,
      };
    const description = `${version}, ${path}`;
    const warning = name === "ffmpeg" ? getWarning(facts) : undefined;
    return warning === undefined
      ? ok(name, description)
      : { name, status: "warning", message: `${description}, ${warning}`, nextStep };
  });
