import type { JobError } from "../job/error.ts";
import type { WorkReport } from "../job/job.ts";
import type { TranscoderEnd } from "../ports/transcoder-store.ts";
import type { TranscoderJob } from "./job.ts";

/** The key that an output or a playlist gets in the bucket, without the extensions of its parts. */
export const fullKey = (job: Pick<TranscoderJob, "outputKeyPrefix">, key: string): string =>
  `${job.outputKeyPrefix ?? ""}${key}`;

/** How the service tells an error of a job or an output: the code first. */
export const statusDetailOf = (job: Pick<TranscoderJob, "id">, error: JobError): string =>
  `${error.code} ${job.id}: ${error.message}`;

/** The end of a job of which nothing was made. */
export const failedEnd = (job: TranscoderJob, error: JobError): TranscoderEnd => {
  const statusDetail = statusDetailOf(job, error);
  return {
    status: "Error",
    error,
    statusDetail,
    outputs: job.outputs.map((output) => ({ ...output, status: "Error", statusDetail })),
    playlists: job.playlists.map((playlist) => ({ ...playlist, status: "Error", statusDetail })),
  };
};

/**
 * The end of a job by what its worker reports: Complete where every output and playlist is, else Error (developer
 * guide, "Output status").
 */
export const reportedEnd = (job: TranscoderJob, report: WorkReport): TranscoderEnd => {
  const parts = new Map((report.parts ?? []).map((part) => [part.key, part]));
  const errors: JobError[] = [];
  const stateOf = (key: string) => {
    const error = parts.get(key)?.error;
    if (error === undefined) return { status: "Complete" as const };
    errors.push(error);
    return { status: "Error" as const, statusDetail: statusDetailOf(job, error) };
  };
  const outputs = job.outputs.map((output) => {
    const key = fullKey(job, output.key);
    const result = parts.get(key)?.output ?? report.outputs.find((made) => made.key === key);
    return { ...output, ...stateOf(key), result };
  });
  const playlists = job.playlists.map((playlist) => ({
    ...playlist,
    ...stateOf(fullKey(job, playlist.name)),
  }));
  const [error] = errors;
  return error === undefined
    ? { status: "Complete", outputs, playlists }
    : { status: "Error", error, statusDetail: statusDetailOf(job, error), outputs, playlists };
};
