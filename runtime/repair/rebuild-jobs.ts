import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { JobSource } from "../../pipeline/attempts/source.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import { type ClaimPorts, claimJob } from "../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobOutcome } from "../../pipeline/jobs/job-store.ts";
import { ownershipMetadata } from "../../pipeline/jobs/ownership.ts";
import { type RecoveredOutcome, recoverJob } from "../../pipeline/jobs/recover-job.ts";
import { sweepWindowSeconds } from "../../pipeline/jobs/sweep-window.ts";
import { toJobSource } from "../../pipeline/jobs/upload-source.ts";
import type { ObjectStore, ObjectSummary } from "../../pipeline/ports/object-store.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import type { Route } from "../../pipeline/routing/route.ts";

/** Numbers of jobs by what was done. */
export interface RebuildReport {
  /** Their records were correct. */
  readonly kept: number;
  /** They had ended, according to their notification or their outputs. */
  readonly rebuilt: number;
  /** They left no trace and are processed at the next start. */
  readonly claimed: number;
  /** They left no trace, and their uploads are too old or replaced to be processed again. */
  readonly skipped: number;
}
type RebuildPorts = ClaimPorts & {
  readonly inputBucket: string;
  readonly objects: Pick<ObjectStore, "head" | "listVersions">;
};

/** Treats a job as Complete if all its outputs exist with its id in their metadata. */
const readOutputEvidence = async (ports: RebuildPorts, job: Job): Promise<RecoveredOutcome | undefined> => {
  const { specification } = job;
  if (specification === null || specification.outputKeys.length === 0) return undefined;
  const outputs: RecoveredOutcome["outputs"][number][] = [];
  let attempt = 1;
  for (const key of specification.outputKeys) {
    // The objects below a prefix do not show whether they are complete.
    if (key.endsWith("/")) return undefined;
    const head = await ports.objects.head({ bucket: specification.outputBucket, key });
    if (head?.metadata[ownershipMetadata.job] !== job.id) return undefined;
    attempt = Math.max(attempt, Number(head.metadata[ownershipMetadata.attempt]) || 1);
    outputs.push({
      key,
      bytes: head.bytes,
      ...(head.contentType === undefined ? {} : { contentType: head.contentType }),
    });
  }
  return { status: "Complete", attempt, outputs, error: null };
};

/** Whether an upload is recent enough to be processed: the sweep's maximum ages, without its minimum age. */
const isRecent = (version: ObjectSummary, now: Date): boolean =>
  now.getTime() - Date.parse(version.modifiedAt) <=
  (version.isLatest ? sweepWindowSeconds.maxCurrent : sweepWindowSeconds.maxNoncurrent) * 1000;

/** Converts a recovered outcome to the store's form; undefined if an Error lacks its error. */
const toJobEnd = ({ status, outputs, error }: RecoveredOutcome): JobOutcome | undefined => {
  const detail = "record rebuilt";
  if (status === "Complete") return { status, outputs, detail };
  if (status === "Canceled") return { status, detail };
  return error === null ? undefined : { status, error, detail };
};

/** Closes a job that is recorded as open, at the attempt in which it ended. */
const closeOpenJob = async (ports: RebuildPorts, job: Job, evidence: RecoveredOutcome): Promise<boolean> => {
  const end = toJobEnd(evidence);
  if (end === undefined || evidence.attempt < job.attempt) return false;
  for (let attempt = job.attempt; attempt < evidence.attempt; attempt += 1)
    await ports.jobs.scheduleNextAttempt(job.id, attempt, ports.clock.now().toISOString(), "record rebuilt");
  return (await ports.jobs.closeJob(job.id, evidence.attempt, end)) !== undefined;
};

/**
 * Rebuilds the job record of each upload, so that no upload is paid for twice: from the notification of the job's end,
 * else from its outputs, else as a new claim. Existing records stay unchanged, except those of ended jobs that are
 * recorded as open.
 *
 * @param messages outcomes of jobs, by id
 */
export const rebuildJobs = async (
  ports: RebuildPorts,
  messages: ReadonlyMap<string, RecoveredOutcome>,
): Promise<RebuildReport> => {
  const report = { kept: 0, rebuilt: 0, claimed: 0, skipped: 0 };
  const now = (): string => ports.clock.now().toISOString();

  const reconcileRecord = async (existing: Job): Promise<keyof RebuildReport> => {
    const evidence = messages.get(existing.id);
    if (isTerminal(existing.status) || evidence === undefined) return "kept";
    if (!(await closeOpenJob(ports, existing, evidence))) return "kept";
    await ports.jobs.markNotified(existing.id, evidence.attempt);
    return "rebuilt";
  };
  const restoreJob = async (route: Route, source: JobSource): Promise<boolean> => {
    const { configuration, outputBucket } = ports;
    const { bucket, key, versionId } = source;
    const head = await ports.objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) });
    const metadata = head?.metadata ?? {};
    const job = buildJob(route, source, { configuration, outputBucket, now: now(), metadata });
    const evidence = messages.get(job.id) ?? (await readOutputEvidence(ports, job));
    if (evidence === undefined) return false;
    await ports.jobs.claim(recoverJob(job, evidence, now()));
    await ports.jobs.markNotified(job.id, evidence.attempt);
    return true;
  };
  const rebuildJob = async (version: ObjectSummary): Promise<keyof RebuildReport | undefined> => {
    const source = toJobSource(ports.inputBucket, version);
    const match = matchRoute(ports.configuration, source.key);
    if (match.kind === "ignored") return undefined;
    const route = match.kind === "route" ? match.route : undefined;
    const existing = await ports.jobs.read(computeJobId(source, route?.name ?? null));
    if (existing !== undefined) return reconcileRecord(existing);
    if (route !== undefined && (await restoreJob(route, source))) return "rebuilt";
    if (!isRecent(version, ports.clock.now())) return "skipped";
    await claimJob(ports, source, { triggers: "all" });
    return "claimed";
  };

  for await (const version of ports.objects.listVersions(ports.inputBucket, "")) {
    const outcome = await rebuildJob(version);
    if (outcome !== undefined) report[outcome] += 1;
  }
  return report;
};
