import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeStream } from "../../adapters/local/stream-file.ts";
import { type ProbeOptions, probeFile } from "../../docker/ffmpeg/programs/probe-file.ts";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { isImage, isMedia } from "../../pipeline/uploads/content-type.ts";
import type { DeployedStage } from "./stage.ts";
import type { WatchedClip } from "./watch.ts";

/** A job with the probed properties of its outputs. */
export interface SmokeResult {
  readonly job: Job;
  /** Local paths of the outputs; always empty. */
  readonly paths: Readonly<Record<string, string>>;
  /** Local path of the clip. */
  readonly file: string;
  readonly probe?: Probe;
}

/** Result of checking a job's outputs. */
export interface Inspection {
  readonly result: SmokeResult;
  /** Problems with the outputs, one sentence each. */
  readonly problems: readonly string[];
}
type OutputAccess = Pick<DeployedStage, "objects" | "deployment">;
interface InspectOptions extends ProbeOptions {
  /** Folder for copies of the outputs. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

const toOutputProperties = ({ durationSeconds, video, audio }: Probe): Partial<JobOutput> => ({
  ...(durationSeconds === undefined ? {} : { durationSeconds }),
  ...(video === undefined ? {} : { width: video.width, height: video.height, videoCodec: video.codec }),
  ...(audio === undefined ? {} : { audioCodec: audio.codec }),
});

/** Checks one output in the bucket. */
const inspectOutput = async (
  { objects, deployment: { outputBucket: bucket } }: OutputAccess,
  output: JobOutput,
  options: InspectOptions,
): Promise<{ readonly output: JobOutput; readonly problem?: string }> => {
  const { key } = output;
  const head = await objects.head({ bucket, key });
  if (head === undefined) return { output, problem: `${key} does not exist in ${bucket}` };
  if (head.bytes !== output.bytes)
    return { output, problem: `${key} has ${head.bytes} bytes, but the job record has ${output.bytes}` };
  if (!isMedia(key)) return { output };
  await mkdir(options.scratch, { recursive: true });
  const path = join(options.scratch, basename(key));
  await writeStream([await objects.read({ bucket, key }, undefined, options.signal)], path, {
    signal: options.signal,
  });
  const probe = await probeFile(path, isImage(key), options);
  if (probe?.video === undefined && probe?.audio === undefined)
    return { output, problem: `${key} contains no media that ffprobe can read` };
  return { output: { key, bytes: head.bytes, ...toOutputProperties(probe) } };
};

/** Downloads and probes a job's outputs. */
export const inspectJob = async (
  stage: OutputAccess,
  clip: WatchedClip,
  job: Job,
  options: InspectOptions,
): Promise<Inspection> => {
  const inspections: Awaited<ReturnType<typeof inspectOutput>>[] = [];
  for (const output of job.outputs) inspections.push(await inspectOutput(stage, output, options));
  const problems = inspections.flatMap(({ problem }) => problem ?? []);
  if (job.status === "Complete" && job.outputs.length === 0)
    problems.push("the job is Complete but has no outputs");
  const probe = job.probe ?? (await probeFile(clip.file, clip.format.kind === "image", options));
  return {
    result: {
      job: { ...job, outputs: inspections.map(({ output }) => output) },
      paths: {},
      file: clip.file,
      ...(probe === undefined ? {} : { probe }),
    },
    problems: problems.map((problem) => `route "${clip.route.name}": ${problem}`),
  };
};
