import type { JobSource } from "../attempts/source.ts";
import { computeJobId } from "../jobs/job-id.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import { StoreFailure } from "../ports/store-failure.ts";
import { matchRoute, type RoutingTable } from "../routing/match.ts";
import { followJob } from "./response.ts";
import { parseVideoKeyStem } from "./response-request.ts";
import type { ResponseStore } from "./response-store.ts";

/** Ports of the function response-events. */
export interface ResponseEventPorts {
  readonly configuration: RoutingTable;
  readonly inputBucket: string;
  readonly responses: Pick<ResponseStore, "read" | "write" | "findByVideoKeyStem">;
  readonly jobs: Pick<JobStore, "read">;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Time in which a new record may be missing in the index of its key. */
const indexDelayMs = 60_000;

/**
 * Brings the response of a video to the state of the video's job. The events of an upload and of its job may arrive in
 * any order and more than once: each one reads the current record of the job.
 *
 * @param jobId absent: the id of the job that the upload becomes
 * @throws StoreFailure `transient` if the record of a recent upload is not found yet
 */
export const followUpload = async (
  { configuration, inputBucket, responses, jobs, clock, log }: ResponseEventPorts,
  upload: JobSource,
  jobId?: string,
): Promise<void> => {
  const stem = upload.bucket === inputBucket ? parseVideoKeyStem(upload.key) : undefined;
  if (stem === undefined) return;
  const found = await responses.findByVideoKeyStem(stem);
  if (found === undefined) {
    const ageMs = clock.now().getTime() - Date.parse(upload.modifiedAt ?? "");
    if (ageMs < indexDelayMs)
      throw new StoreFailure("transient", `The response of ${upload.key} is not found yet.`);
    log.warn("A video has no response: it was not requested, or the request has expired", {
      key: upload.key,
    });
    return;
  }
  const match = matchRoute(configuration, upload.key);
  const id = jobId ?? computeJobId(upload, match.kind === "route" ? match.route.name : null);
  for (;;) {
    const record = await responses.read(found);
    if (record === undefined) return;
    const job = await jobs.read(id);
    const state =
      job === undefined
        ? { id, source: upload, status: "Submitted" as const }
        : { ...job, owner: { id: job.ownerId } };
    const changed = followJob(record, state, clock.now());
    if (changed === undefined || (await responses.write(changed))) return;
  }
};
