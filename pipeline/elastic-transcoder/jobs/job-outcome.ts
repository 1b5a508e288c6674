import type { AttemptReport, OutputGroupResult } from "../../attempts/report.ts";
import type { JobError } from "../../errors/job-error.ts";
import type { TranscoderJob } from "./job.ts";
import type { TranscoderJobOutcome } from "./transcoder-store.ts";

/** Full key of an output or a playlist in the bucket: with OutputKeyPrefix, without the extensions of its files. */
export const buildFullKey = (job: Pick<TranscoderJob, "outputKeyPrefix">, key: string): string =>
  `${job.outputKeyPrefix ?? ""}${key}`;

/** StatusDetail of a failed job or output in the service's format, `CODE JOB: MESSAGE`. */
export const formatStatusDetail = (job: Pick<TranscoderJob, "id">, error: JobError): string =>
  `${error.code} ${job.id}: ${error.message}`;

/** Looks up the reported result of an output or a playlist by its full key. */
const indexOutputGroups = (report: AttemptReport | undefined) => {
  const outputGroups = report?.outputGroups ?? [];
  return (key: string, playlist: boolean): OutputGroupResult | undefined =>
    outputGroups.find(
      (outputGroup) => outputGroup.key === key && (outputGroup.isPlaylist ?? false) === playlist,
    );
};

/** Outcome of a job without outputs. An output that failed for its own reason keeps its error. */
export const buildFailedOutcome = (job: TranscoderJob, error: JobError): TranscoderJobOutcome => {
  const findOutputGroup = indexOutputGroups(job.report);
  const buildErrorState = (key: string, playlist: boolean) => ({
    status: "Error" as const,
    statusDetail: formatStatusDetail(job, findOutputGroup(buildFullKey(job, key), playlist)?.error ?? error),
  });
  return {
    status: "Error",
    error,
    statusDetail: formatStatusDetail(job, error),
    outputs: job.outputs.map((output) => ({ ...output, ...buildErrorState(output.key, false) })),
    playlists: job.playlists.map((playlist) => ({ ...playlist, ...buildErrorState(playlist.name, true) })),
  };
};

/**
 * Outcome of a job from its worker's report: Complete if every output and playlist is complete, else Error (developer
 * guide, "Output status").
 */
export const buildReportedOutcome = (job: TranscoderJob, report: AttemptReport): TranscoderJobOutcome => {
  const findOutputGroup = indexOutputGroups(report);
  const errors: JobError[] = [];
  const buildState = (outputGroup: OutputGroupResult | undefined) => {
    if (outputGroup?.error === undefined) return { status: "Complete" as const };
    errors.push(outputGroup.error);
    return { status: "Error" as const, statusDetail: formatStatusDetail(job, outputGroup.error) };
  };
  const outputs = job.outputs.map((output) => {
    const key = buildFullKey(job, output.key);
    const outputGroup = findOutputGroup(key, false);
    const result = outputGroup?.output ?? report.outputs.find((reportedOutput) => reportedOutput.key === key);
    return { ...output, ...buildState(outputGroup), result };
  });
  const playlists = job.playlists.map((playlist) => ({
    ...playlist,
    ...buildState(findOutputGroup(buildFullKey(job, playlist.name), true)),
  }));
  const [error] = errors;
  return error === undefined
    ? { status: "Complete", outputs, playlists }
    : { status: "Error", error, statusDetail: formatStatusDetail(job, error), outputs, playlists };
};
