import type { WorkPart, WorkReport } from "../../attempts/report.ts";
import type { JobError } from "../../errors/job-error.ts";
import type { TranscoderJob } from "./job.ts";
import type { TranscoderEnd } from "./transcoder-store.ts";

/** The key that an output or a playlist gets in the bucket, without the extensions of its parts. */
export const fullKey = (job: Pick<TranscoderJob, "outputKeyPrefix">, key: string): string =>
  `${job.outputKeyPrefix ?? ""}${key}`;

/** How the service tells an error of a job or an output: the code first. */
export const statusDetailOf = (job: Pick<TranscoderJob, "id">, error: JobError): string =>
  `${error.code} ${job.id}: ${error.message}`;

/** What the worker says of each output and playlist, by whole key or name. */
const partsOf = (report: WorkReport | undefined) => {
  const parts = report?.parts ?? [];
  return (key: string, playlist: boolean): WorkPart | undefined =>
    parts.find((part) => part.key === key && (part.playlist ?? false) === playlist);
};

/** The end of a job of which nothing was made; an output that failed by itself keeps its own reason. */
export const failedEnd = (job: TranscoderJob, error: JobError): TranscoderEnd => {
  const partOf = partsOf(job.report);
  const state = (key: string, playlist: boolean) => ({
    status: "Error" as const,
    statusDetail: statusDetailOf(job, partOf(fullKey(job, key), playlist)?.error ?? error),
  });
  return {
    status: "Error",
    error,
    statusDetail: statusDetailOf(job, error),
    outputs: job.outputs.map((output) => ({ ...output, ...state(output.key, false) })),
    playlists: job.playlists.map((playlist) => ({ ...playlist, ...state(playlist.name, true) })),
  };
};

/**
 * The end of a job by what its worker reports: Complete where every output and playlist is, else Error (developer
 * guide, "Output status").
 */
export const reportedEnd = (job: TranscoderJob, report: WorkReport): TranscoderEnd => {
  const partOf = partsOf(report);
  const errors: JobError[] = [];
  const stateOf = (part: WorkPart | undefined) => {
    if (part?.error === undefined) return { status: "Complete" as const };
    errors.push(part.error);
    return { status: "Error" as const, statusDetail: statusDetailOf(job, part.error) };
  };
  const outputs = job.outputs.map((output) => {
    const key = fullKey(job, output.key);
    const part = partOf(key, false);
    const result = part?.output ?? report.outputs.find((made) => made.key === key);
    return { ...output, ...stateOf(part), result };
  });
  const playlists = job.playlists.map((playlist) => ({
    ...playlist,
    ...stateOf(partOf(fullKey(job, playlist.name), true)),
  }));
  const [error] = errors;
  return error === undefined
    ? { status: "Complete", outputs, playlists }
    : { status: "Error", error, statusDetail: statusDetailOf(job, error), outputs, playlists };
};
