import { stat } from "node:fs/promises";
import type { JobOutput } from "../../../pipeline/attempts/report.ts";
import type { PlannedOutput } from "../../../pipeline/encoding/plan.ts";
import { isExpectedDuration, verifyOutput } from "../../../pipeline/encoding/verify-output.ts";
import { isMediaFailure, JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import type { CheckedOutput, OutputGroups } from "./output-groups.ts";

const buildDamagedFailure = (name: string, key: string, problems: readonly string[]): JobFailure =>
  new JobFailure(
    4002,
    `${name} is damaged or truncated: output ${key} ${problems.join(", ")}. Nothing was published. Upload the complete file again.`,
  );

const describeOutput = (
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

/** Checks a playlist by the total duration of its segments. @throws JobFailure 4002 */
const checkPlaylist = (
  name: string,
  plannedOutput: PlannedOutput,
  durationSeconds: number,
  bytes: number,
): CheckedOutput => {
  const probe = { formats: ["hls"], durationSeconds };
  const problems = verifyOutput(plannedOutput.expectation ?? {}, probe, bytes);
  if (problems.length > 0) throw buildDamagedFailure(name, plannedOutput.key, problems);
  return { plannedOutput, output: describeOutput(plannedOutput, bytes, probe) };
};

/** Probes one encoded file. @throws JobFailure 4002 if it does not match the plan */
const checkOutput = async (
  name: string,
  plannedOutput: PlannedOutput,
  probe: (path: string) => Promise<Probe>,
): Promise<CheckedOutput> => {
  const { size } = await stat(plannedOutput.path).catch(() => ({ size: 0 }));
  if (size === 0) throw buildDamagedFailure(name, plannedOutput.key, ["is empty"]);
  if (plannedOutput.expectation === undefined)
    return { plannedOutput, output: describeOutput(plannedOutput, size, undefined) };
  if (plannedOutput.durationSeconds !== undefined)
    return checkPlaylist(name, plannedOutput, plannedOutput.durationSeconds, size);
  let probed: Probe;
  try {
    probed = await probe(plannedOutput.path);
  } catch (cause) {
    if (isMediaFailure(cause)) throw buildDamagedFailure(name, plannedOutput.key, ["cannot be played"]);
    throw cause;
  }
  const problems = verifyOutput(plannedOutput.expectation, probed, size);
  if (problems.length > 0) throw buildDamagedFailure(name, plannedOutput.key, problems);
  return { plannedOutput, output: describeOutput(plannedOutput, size, probed) };
};

/** True if an output does not have the duration that its source's header promises. */
export const hasUnexpectedDuration = async (
  plannedOutputs: readonly PlannedOutput[],
  probe: (path: string) => Promise<Probe>,
): Promise<boolean> => {
  for (const { path, expectation, durationSeconds } of plannedOutputs) {
    const expectedSeconds = expectation?.durationSeconds;
    if (expectedSeconds === undefined) continue;
    const seconds = durationSeconds ?? (await probe(path).catch(() => undefined))?.durationSeconds;
    if (seconds === undefined || !isExpectedDuration(expectedSeconds, seconds)) return true;
  }
  return false;
};

/**
 * Probes every output before any of them is published: ffmpeg exits with 0 even for a truncated file
 * (docs/decisions/0006-probe-outputs-before-publishing.md).
 *
 * @param name key of the source, for messages
 * @param outputGroups receives the failures of single output groups, whose files are omitted from the result
 */
export const checkOutputs = async (
  name: string,
  plannedOutputs: readonly PlannedOutput[],
  probe: (path: string) => Promise<Probe>,
  outputGroups: OutputGroups,
): Promise<readonly CheckedOutput[]> => {
  const checkedOutputs: CheckedOutput[] = [];
  for (const output of plannedOutputs) {
    if (outputGroups.hasFailed(output)) continue;
    try {
      checkedOutputs.push(await checkOutput(name, output, probe));
    } catch (cause) {
      outputGroups.failFile(output, cause);
    }
  }
  return checkedOutputs.filter((file) => !outputGroups.hasFailed(file.plannedOutput));
};
