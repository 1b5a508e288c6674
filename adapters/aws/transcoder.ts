import {
  CancelJobCommand,
  CreateJobCommand,
  type ElasticTranscoderClient,
  type Job,
  ReadJobCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { jobStatuses } from "../../pipeline/attempts/job-status.ts";
import type { Transcoder, TranscoderJobState } from "../../pipeline/elastic-transcoder/transcoder-client.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";

const permanentErrorNames = new Set([
  "ValidationException",
  "IncompatibleVersionException",
  "AccessDeniedException",
  "ResourceNotFoundException",
]);

const toJobFailure = (context: string, cause: unknown): JobFailure => {
  const name = cause instanceof Error ? cause.name : "";
  const message = cause instanceof Error ? cause.message : String(cause);
  return permanentErrorNames.has(name)
    ? new JobFailure(1000, `${context}: ${message}`, { cause })
    : new JobFailure(1001, `${context}: ${message}`, { cause, retryable: true });
};

const parseStatus = (text: string | undefined): TranscoderJobState["status"] =>
  jobStatuses.find((status) => status === text) ?? "Submitted";

const toJobState = (job: Job, id: string): TranscoderJobState => ({
  id: job.Id ?? id,
  status: parseStatus(job.Status),
  statusDetail: job.Output?.StatusDetail,
  outputs: (job.Outputs ?? []).map((output) => ({
    key: `${job.OutputKeyPrefix ?? ""}${output.Key ?? ""}`,
    status: parseStatus(output.Status),
    statusDetail: output.StatusDetail,
    durationSeconds: output.DurationMillis === undefined ? undefined : output.DurationMillis / 1000,
    bytes: output.FileSize,
    width: output.Width,
    height: output.Height,
  })),
  userMetadata: job.UserMetadata ?? {},
});

/** Creates a client of the transcoder API, on AWS and on one machine. Rejects with `JobFailure`. */
export const createTranscoder = (client: ElasticTranscoderClient): Transcoder => ({
  async createJob(request) {
    try {
      const { Job: job } = await client.send(
        new CreateJobCommand({
          PipelineId: request.pipelineId,
          Input: { Key: request.inputKey },
          Outputs: [{ Key: request.outputKey, PresetId: request.presetId }],
          UserMetadata: { ...request.userMetadata },
        }),
      );
      if (job?.Id === undefined)
        throw new JobFailure(1001, "CreateJob returned no job.", { retryable: true });
      return { id: job.Id };
    } catch (cause) {
      throw cause instanceof JobFailure ? cause : toJobFailure("The transcoder rejected the job", cause);
    }
  },
  async readJob(id) {
    try {
      const { Job: job } = await client.send(new ReadJobCommand({ Id: id }));
      return job === undefined ? undefined : toJobState(job, id);
    } catch (cause) {
      if (cause instanceof Error && cause.name === "ResourceNotFoundException") return undefined;
      throw toJobFailure(`Reading transcoder job ${id} failed`, cause);
    }
  },
  async cancelJob(id) {
    try {
      await client.send(new CancelJobCommand({ Id: id }));
      return true;
    } catch (cause) {
      if (
        cause instanceof Error &&
        ["ResourceInUseException", "ResourceNotFoundException"].includes(cause.name)
      )
        return false;
      throw toJobFailure(`Canceling transcoder job ${id} failed`, cause);
    }
  },
});
