import { stat } from "node:fs/promises";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import type { PlannedOutput } from "../../pipeline/encoding/plan.ts";
import { verifyOutput } from "../../pipeline/encoding/verify.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { CheckedOutput, Parts } from "./parts.ts";

const broken = (name: string, key: string, problems: readonly string[]): JobFailure =>
  new JobFailure(
    4002,
    `${name} is damaged or cut short: output ${key} ${problems.join(", ")}. Nothing was published; upload the whole file again.`,
  );

const describe = (
  { key, contentType }: PlannedOutput,
  bytes: number,
  probe: Probe | undefined,
): JobOutput => ({
  key,
  bytes,
  contentType,
  ...(probe?.durationSeconds === undefined ? {} : { durationSeconds: probe.durationSeconds }),
  ...(probe?.video === undefined
    ? {}
    : {
        width: probe.video.width,
        height: probe.video.height,
        videoCodec: probe.video.codec,
        ...(probe.video.frameRate === undefined ? {} : { frameRate: probe.video.frameRate }),
      }),
  ...(probe?.audio === undefined ? {} : { audioCodec: probe.audio.codec }),
});

/** A playlist is as long as its segments. @throws JobFailure 4002 */
const checkPlaylist = (
  name: string,
  planned: PlannedOutput,
  durationSeconds: number,
  size: number,
): CheckedOutput => {
  const probe = { formats: ["hls"], durationSeconds };
  const problems = verifyOutput(planned.expect ?? {}, probe, size);
  if (problems.length > 0) throw broken(name, planned.key, problems);
  return { planned, output: describe(planned, size, probe) };
};

/** Probes one finished file. @throws JobFailure 4002 where it is not what was planned */
const checkOutput = async (
  name: string,
  planned: PlannedOutput,
  probe: (path: string) => Promise<Probe>,
): Promise<CheckedOutput> => {
  const { size } = await stat(planned.path).catch(() => ({ size: 0 }));
  if (size === 0) throw broken(name, planned.key, ["is empty"]);
  if (planned.expect === undefined) return { planned, output: describe(planned, size, undefined) };
  if (planned.durationSeconds !== undefined)
    return checkPlaylist(name, planned, planned.durationSeconds, size);
  let found: Probe;
  try {
    found = await probe(planned.path);
  } catch (cause) {
    if (cause instanceof JobFailure && !cause.retryable)
      throw broken(name, planned.key, ["cannot be played"]);
    throw cause;
  }
  const problems = verifyOutput(planned.expect, found, size);
  if (problems.length > 0) throw broken(name, planned.key, problems);
  return { planned, output: describe(planned, size, found) };
};

/**
 * Probes every output before any gets its key (DESIGN 6.3): ffmpeg ends well on half a file.
 *
 * @param name the source's key, for messages
 * @param parts told of what fails for itself; its files are left out
 */
export const checkOutputs = async (
  name: string,
  planned: readonly PlannedOutput[],
  probe: (path: string) => Promise<Probe>,
  parts: Parts,
): Promise<readonly CheckedOutput[]> => {
  const checked: CheckedOutput[] = [];
  for (const output of planned) {
    if (parts.hasFailed(output)) continue;
    try {
      checked.push(await checkOutput(name, output, probe));
    } catch (cause) {
      parts.failFile(output, cause);
    }
  }
  return checked.filter((file) => !parts.hasFailed(file.planned));
};
