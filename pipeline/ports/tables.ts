/** One index of a table. Its attributes are strings. */
export interface IndexDefinition {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
}
/** Definition of a table for Terraform, the embedded database and the emulator. */
export interface TableDefinition {
  readonly hashKey: string;
  /** Absent: the hash key identifies an item. */
  readonly rangeKey?: string;
  readonly indexes: readonly IndexDefinition[];
  /** Attribute with the expiry time in epoch seconds. */
  readonly ttlAttribute: string;
}

/**
 * Reelway's jobs. `statusShard` is `STATUS#N`. `createdAtId` is unique (`formatCreatedAtId`), so that no page of an index
 * ends between equal values. `unnotified` exists until the job is marked as notified.
 */
export const jobsTable: TableDefinition = {
  hashKey: "id",
  indexes: [
    { name: "status-created", hashKey: "statusShard", rangeKey: "createdAtId" },
    { name: "source", hashKey: "sourceHash", rangeKey: "createdAtId" },
    { name: "owner-created", hashKey: "ownerId", rangeKey: "createdAtId" },
    { name: "engine-job", hashKey: "engineJobId", rangeKey: "createdAtId" },
    { name: "unnotified", hashKey: "unnotified", rangeKey: "finishedAt" },
  ],
  ttlAttribute: "expiresAt",
};

/**
 * Jobs, pipelines and presets of the transcoder service. A job without a task has its `createdAtId` in `pending`, a job
 * with a task in `running`, so that a long queue costs the dispatcher nothing. Pipelines and presets have their own
 * partition in the index `status-created`.
 */
export const transcoderTable: TableDefinition = {
  hashKey: "id",
  indexes: [
    { name: "pipeline-created", hashKey: "pipelineId", rangeKey: "createdAtId" },
    { name: "status-created", hashKey: "statusShard", rangeKey: "createdAtId" },
    { name: "pending", hashKey: "pipelineId", rangeKey: "pending" },
    { name: "running", hashKey: "pipelineId", rangeKey: "running" },
    { name: "unnotified", hashKey: "unnotified", rangeKey: "finishedAt" },
  ],
  ttlAttribute: "expiresAt",
};

/**
 * Responses: the video that a person has sent, or was asked for, per project and step. `ProjectStep` is `PROJECT-STEP`.
 * `videoKeyStem` is the key of the video without its extension.
 */
export const responsesTable: TableDefinition = {
  hashKey: "ProjectStep",
  rangeKey: "Mail",
  indexes: [
    { name: "video-key-stem", hashKey: "videoKeyStem", rangeKey: "createdAtId" },
    { name: "project-step-created", hashKey: "ProjectStep", rangeKey: "createdAtId" },
    { name: "project-created", hashKey: "Project", rangeKey: "createdAtId" },
    { name: "mail-created", hashKey: "Mail", rangeKey: "createdAtId" },
    { name: "owner-created", hashKey: "ownerId", rangeKey: "createdAtId" },
  ],
  ttlAttribute: "expiresAt",
};

/** Sort key of jobs: creation time, then id for jobs of the same millisecond. */
export const formatCreatedAtId = (job: { readonly createdAt: string; readonly id: string }): string =>
  `${job.createdAt}#${job.id}`;

/** Number of partitions per status. */
export const statusShardCount = 8;

/** The partition of a job in the index `status-created`. */
export const computeStatusShard = (status: string, id: string): string => {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % statusShardCount;
  return `${status}#${hash}`;
};
