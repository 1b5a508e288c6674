import type { JobStatus } from "../attempts/job-status.ts";
import type { JobSource } from "../attempts/source.ts";
import { compareSequencers } from "../jobs/ownership.ts";
import type { ResponseKey } from "./response-request.ts";

/** `Requested` until the video is uploaded, then the status of its job. */
export type ResponseStatus = "Requested" | JobStatus;

/** Statuses of a response whose video cannot be used, so that another one may be uploaded. */
const unusableStatuses: ReadonlySet<ResponseStatus> = new Set(["Error", "Canceled"]);

/** The version of a video that has been uploaded. */
export type ResponseVideo = Pick<JobSource, "sequencer" | "modifiedAt">;

/** The response of a person to a step of a project. All times are ISO 8601. */
export interface ResponseRecord extends ResponseKey {
  /** Key of the current video; of the requested one while the status is `Requested`. */
  readonly video: string;
  /** `video` without its extension; unique. */
  readonly videoKeyStem: string;
  readonly status: ResponseStatus;
  /** Job of the current video. */
  readonly jobId?: string;
  /** The uploaded version of `video`. */
  readonly version?: ResponseVideo;
  /** User who requested the response. */
  readonly ownerId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Epoch seconds at which the record is removed; absent once a video is uploaded. */
  readonly expiresAt?: number;
  /** Increases with each change. */
  readonly revision: number;
}

/** Seconds for which the form of a response can be sent. */
export const formExpirySeconds = 300;

/** Time after a request in which the upload must have ended, seconds. */
const requestRetentionSeconds = 86_400;

/** What a request for a response's upload names. */
export interface PlannedResponse extends ResponseKey {
  readonly videoKeyStem: string;
  readonly type: string;
  readonly ownerId?: string;
}

/** Result of a request: the upload is allowed, with the record to write if it changes; or the response exists. */
export type RequestDecision =
  | {
      readonly kind: "allowed";
      readonly video: string;
      readonly ownerId?: string;
      readonly record?: ResponseRecord;
    }
  | { readonly kind: "exists"; readonly isReplaceable: boolean };

/**
 * Decides on a request for a response's upload. A response whose job ended without a usable video may be answered again.
 * The record of an answered response does not change until the new video arrives; it belongs to the user whose video it
 * has. A request without a video excludes other users while its form can be sent. A response keeps the stem of its key even if the key of the hash has
 * changed.
 */
export const decideRequest = (
  existing: ResponseRecord | undefined,
  { type, videoKeyStem, ...request }: PlannedResponse,
  { canAccess, replaces }: { readonly canAccess: boolean; readonly replaces: boolean },
  now: Date,
): RequestDecision => {
  const isAnswered = existing !== undefined && existing.status !== "Requested";
  const isReserved =
    existing !== undefined &&
    (isAnswered || now.getTime() < Date.parse(existing.updatedAt) + 1000 * formExpirySeconds);
  if (isReserved && !canAccess) return { kind: "exists", isReplaceable: false };
  if (isAnswered && !replaces && !unusableStatuses.has(existing.status))
    return { kind: "exists", isReplaceable: true };
  const stem = existing?.videoKeyStem ?? videoKeyStem;
  const video = `${stem}.${type}`;
  const ownerId = existing !== undefined && canAccess ? existing.ownerId : request.ownerId;
  const owner = ownerId === undefined ? {} : { ownerId };
  if (isAnswered) return { kind: "allowed", video, ...owner };
  const updatedAt = now.toISOString();
  const { project, step, mail } = request;
  return {
    kind: "allowed",
    video,
    ...owner,
    record: {
      project,
      step,
      mail,
      video,
      videoKeyStem: stem,
      status: "Requested",
      ...owner,
      createdAt: existing?.createdAt ?? updatedAt,
      updatedAt,
      expiresAt: Math.floor(now.getTime() / 1000) + requestRetentionSeconds,
      revision: (existing?.revision ?? 0) + 1,
    },
  };
};

/** Whether an upload is older than the current video of a response. */
const isSuperseded = (record: ResponseRecord, { key, sequencer, modifiedAt }: JobSource): boolean => {
  const current = record.version;
  if (current === undefined) return false;
  if (key === record.video && sequencer !== undefined && current.sequencer !== undefined)
    return compareSequencers(sequencer, current.sequencer) < 0;
  return (
    modifiedAt !== undefined &&
    current.modifiedAt !== undefined &&
    Date.parse(modifiedAt) < Date.parse(current.modifiedAt)
  );
};

/**
 * Brings a response to the state of the job of an upload.
 *
 * @param job the job, with the owner of the upload once it is claimed
 * @returns the changed record; undefined if nothing changes, e.g. because a newer video has been uploaded
 */
export const followJob = (
  record: ResponseRecord,
  job: {
    readonly id: string;
    readonly source: JobSource;
    readonly status: JobStatus;
    readonly owner?: { readonly id: string | undefined } | undefined;
  },
  now: Date,
): ResponseRecord | undefined => {
  const ownerId = job.owner === undefined ? record.ownerId : job.owner.id;
  if (job.id === record.jobId && job.status === record.status && ownerId === record.ownerId) return undefined;
  if (job.id !== record.jobId && isSuperseded(record, job.source)) return undefined;
  const { expiresAt: _expiresAt, ownerId: _ownerId, ...kept } = record;
  const { key, sequencer, modifiedAt } = job.source;
  return {
    ...kept,
    ...(ownerId === undefined ? {} : { ownerId }),
    video: key,
    version: {
      ...(sequencer === undefined ? {} : { sequencer }),
      ...(modifiedAt === undefined ? {} : { modifiedAt }),
    },
    jobId: job.id,
    status: job.status,
    updatedAt: now.toISOString(),
    revision: record.revision + 1,
  };
};
