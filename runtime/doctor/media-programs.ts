import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { getFfmpegInstallHint } from "./ffmpeg-install-hint.ts";

/** Path and version of ffmpeg or ffprobe. */
export interface ProgramFacts {
  /** Absolute; undefined if neither on PATH nor packaged. */
  readonly path?: string;
  /** As printed by the program; undefined if it did not run. */
  readonly version?: string;
  /** Why it did not run. */
  readonly failure?: string;
}
/** Facts about ffmpeg and ffprobe, for `checkMediaPrograms`. */
export interface MediaFacts {
  readonly ffmpeg: ProgramFacts;
  readonly ffprobe: ProgramFacts;
  /** True if the builds from npm packages are used. */
  readonly isPackaged: boolean;
  /** Set if only one of the two is on PATH. Both must come from the same place, so the packaged builds are used. */
  readonly onlyOnPath?: "ffmpeg" | "ffprobe";
  readonly platform: string;
}

/** Debian 12's release: the oldest one that the worker is tested with. */
const minVersion = { major: 5, minor: 1 } as const;

/** Whether a version, e.g. `5.1.9-0+deb12u1` or `n7.1`, is older than 5.1; undefined without a release number. */
export const isOldRelease = (version: string): boolean | undefined => {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const [majorNumber, minorNumber] = [Number(major), Number(minor)];
  return (
    majorNumber < minVersion.major || (majorNumber === minVersion.major && minorNumber < minVersion.minor)
  );
};

const riskMessage = "sufficient for evaluation, but untrusted files need a current build";

const getWarning = ({ isPackaged, onlyOnPath, ffmpeg }: MediaFacts): string | undefined => {
  const missing = onlyOnPath === "ffmpeg" ? "ffprobe" : "ffmpeg";
  if (isPackaged)
    return `the packaged build of 2018: ${riskMessage}${onlyOnPath === undefined ? "" : ` (only ${onlyOnPath} is on PATH; ${missing} is needed there too)`}`;
  const isOld = isOldRelease(ffmpeg.version ?? "");
  if (isOld === undefined)
    return "a build without a release number: its age is unknown, and untrusted files need a current build";
  return isOld ? `older than ${minVersion.major}.${minVersion.minor}: ${riskMessage}` : undefined;
};

/** Checks that both programs run and are recent. */
export const checkMediaPrograms = (facts: MediaFacts): readonly CheckResult[] =>
  (["ffmpeg", "ffprobe"] as const).map((name) => {
    const { path, version, failure } = facts[name];
    const nextStep = getFfmpegInstallHint(facts.platform);
    if (path === undefined)
      return {
        name,
        status: "failure",
        message: `${name} was not found on PATH or in the npm packages`,
        nextStep,
      };
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
