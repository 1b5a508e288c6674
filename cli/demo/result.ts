import { totalmem } from "node:os";
import { probeMedia } from "../../docker/ffmpeg/ffprobe.ts";
import type { Job, JobOutput } from "../../pipeline/jobs/job.ts";
import type { WorkLimits } from "../../pipeline/media/source-limits.ts";
import { demuxersFor } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { imageSeconds, probeSeconds } from "../../pipeline/encoding/run-bounds.ts";
import { contentTypeOf } from "../../pipeline/uploads/content-type.ts";
import type { ListedJob } from "../../runtime/control.ts";

/** A finished job, its source's file, and what was found in it. */
export interface DemoResult extends ListedJob {
  readonly file: string;
  readonly probe?: Probe;
}

export interface ProbeOptions {
  readonly ffprobe: string;
  readonly limits: WorkLimits;
}

/** What is found in a file; undefined where it cannot be probed. */
export const lookInto = async (
  path: string,
  still: boolean,
  options: ProbeOptions,
): Promise<Probe | undefined> => {
  try {
    return await probeMedia(path, {
      ...options,
      name: path,
      workSeconds: still ? imageSeconds : probeSeconds,
      demuxers: demuxersFor(still ? "image" : "transcode"),
      signal: AbortSignal.timeout(30_000),
      graceSeconds: 1,
      taskMemoryBytes: totalmem(),
    });
  } catch {
    // What cannot be probed is shown without its properties; the job's own error says why.
    return undefined;
  }
};

/** A picture, sound or film, by its name. */
export const isMedia = (key: string): boolean => /^(video|audio|image)\//.test(contentTypeOf(key));
export const isStill = (key: string): boolean => contentTypeOf(key).startsWith("image/");

/** Fills in what an engine did not tell of an output. */
const completeOutput = async (
  output: JobOutput,
  path: string | undefined,
  options: ProbeOptions,
): Promise<JobOutput> => {
  const told = output.videoCodec !== undefined || output.audioCodec !== undefined;
  if (told || path === undefined || !isMedia(output.key)) return output;
  const probe = await lookInto(path, isStill(output.key), options);
  if (probe === undefined) return output;
  const { durationSeconds, video, audio } = probe;
  return {
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(video === undefined ? {} : { width: video.width, height: video.height, videoCodec: video.codec }),
    ...(audio === undefined ? {} : { audioCodec: audio.codec }),
    ...output,
  };
};

/** Completes a finished job for the table, the report and the JSON. */
export const completeResult = async (
  listed: ListedJob,
  file: string,
  options: ProbeOptions,
): Promise<DemoResult> => {
  const [outputs, probe] = await Promise.all([
    Promise.all(
      listed.job.outputs.map((output) => completeOutput(output, listed.paths[output.key], options)),
    ),
    listed.job.probe ?? lookInto(file, isStill(listed.job.source.key), options),
  ]);
  const job: Job = { ...listed.job, outputs };
  return { job, paths: listed.paths, file, ...(probe === undefined ? {} : { probe }) };
};
