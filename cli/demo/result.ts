import { type ProbeOptions, probeFile } from "../../docker/ffmpeg/programs/probe-file.ts";
import type { ListedJob } from "../../pipeline/api/job-document.ts";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { isImage, isMedia } from "../../pipeline/uploads/content-type.ts";

/** A finished job with its source file and the file's probe. */
export interface DemoResult extends ListedJob {
  readonly file: string;
  readonly probe?: Probe;
}

/** Probes an output for properties that its engine did not report. */
const withProbedProperties = async (
  output: JobOutput,
  path: string | undefined,
  options: ProbeOptions,
): Promise<JobOutput> => {
  const isProbed = output.videoCodec !== undefined || output.audioCodec !== undefined;
  if (isProbed || path === undefined || !isMedia(output.key)) return output;
  const probe = await probeFile(path, isImage(output.key), options);
  if (probe === undefined) return output;
  const { durationSeconds, video, audio } = probe;
  return {
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(video === undefined ? {} : { width: video.width, height: video.height, videoCodec: video.codec }),
    ...(audio === undefined ? {} : { audioCodec: audio.codec }),
    ...output,
  };
};

/** Adds probed properties to a finished job, for the table, the report and the JSON. */
export const createDemoResult = async (
  listedJob: ListedJob,
  file: string,
  options: ProbeOptions,
): Promise<DemoResult> => {
  const [outputs, probe] = await Promise.all([
    Promise.all(
      listedJob.job.outputs.map((output) =>
        withProbedProperties(output, listedJob.paths[output.key], options),
      ),
    ),
    listedJob.job.probe ?? probeFile(file, isImage(listedJob.job.source.key), options),
  ]);
  const job: Job = { ...listedJob.job, outputs };
  return { job, paths: listedJob.paths, file, ...(probe === undefined ? {} : { probe }) };
};
