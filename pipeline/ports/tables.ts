/** One index of a table. Its attributes are strings. */
export interface IndexDefinition {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
  /** Attributes of the items that the index contains. A write costs less if it contains the keys only. @default ALL */
  readonly projection?: "KEYS_ONLY";
}
/** The same table with all attributes in its indexes, where a read costs more than a write. */
export const withAllAttributes = (table: TableDefinition): TableDefinition => ({
  ...table,
  indexes: table.indexes.map(({ projection: _, ...index }) => index),
});

/** Indexes of large items that change often: readers get the items from the table. */
const toKeysOnly = (indexes: readonly IndexDefinition[]): readonly IndexDefinition[] =>
  indexes.map((index) => ({ ...index, projection: "KEYS_ONLY" }));

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
  indexes: toKeysOnly([
    { name: "status-created", hashKey: "statusShard", rangeKey: "createdAtId" },
    { name: "source", hashKey: "sourceHash", rangeKey: "createdAtId" },
    { name: "owner-created", hashKey: "ownerId", rangeKey: "createdAtId" },
    { name: "engine-job", hashKey: "engineJobId", rangeKey: "createdAtId" },
    { name: "unnotified", hashKey: "unnotified", rangeKey: "finishedAt" },
  ]),
  ttlAttribute: "expiresAt",
};

/**
 * Jobs, pipelines and presets of the transcoder service. A job without a task has its `createdAtId` in `pending`, a job
 * with a task in `running`, so that a long queue costs the dispatcher nothing. Pipelines and presets have their own
 * partition in the index `status-created`.
 */
export const transcoderTable: TableDefinition = {
  hashKey: "id",
  indexes: toKeysOnly([
    { name: "pipeline-created", hashKey: "pipelineId", rangeKey: "createdAtId" },
    { name: "status-created", hashKey: "statusShard", rangeKey: "createdAtId" },
    { name: "pending", hashKey: "pipelineId", rangeKey: "pending" },
    { name: "running", hashKey: "pipelineId", rangeKey: "running" },
    { name: "unnotified", hashKey: "unnotified", rangeKey: "finishedAt" },
  ]),
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

/**
 * Watched channels. `item` is `channel` (lease, state and status), `segment#ID` (an archived segment) or `day#DATE` (the
 * counts of detections and dollars). Only segments have a `startTimeId`.
 */
export const channelsTable: TableDefinition = {
  hashKey: "channel",
  rangeKey: "item",
  indexes: [{ name: "channel-start", hashKey: "channel", rangeKey: "startTimeId" }],
  ttlAttribute: "expiresAt",
};

/** Detections: the claim and the result of a frame. `frameId` is `SEGMENT/FRAME`, zero-padded. */
export const detectionsTable: TableDefinition = {
  hashKey: "channel",
  rangeKey: "frameId",
  indexes: [{ name: "channel-time", hashKey: "channel", rangeKey: "timeId" }],
  ttlAttribute: "expiresAt",
};

/** Labels and celebrities of channels. `channelKind` is `CHANNEL#label` or `CHANNEL#celebrity`. */
export const labelsTable: TableDefinition = {
  hashKey: "channelKind",
  rangeKey: "id",
  indexes: [{ name: "last-seen", hashKey: "channelKind", rangeKey: "lastSeenId" }],
  ttlAttribute: "expiresAt",
};

/**
 * Appearances of labels. `channelLabel` is `CHANNEL#LABEL`; `unfinished` is `CHANNEL#open` while the
 * appearance is open, and `CHANNEL#clip` until what becomes of its clip is known. An appearance that was merged into
 * another is in no index.
 */
export const appearancesTable: TableDefinition = {
  hashKey: "channel",
  rangeKey: "id",
  indexes: [
    { name: "channel-start", hashKey: "channel", rangeKey: "startTimeId" },
    { name: "label-start", hashKey: "channelLabel", rangeKey: "startTimeId" },
    { name: "unfinished", hashKey: "unfinished", rangeKey: "startTimeId" },
  ],
  ttlAttribute: "expiresAt",
};

/** Sort key of jobs: creation time, then id for jobs of the same millisecond. */
export const formatCreatedAtId = (job: { readonly createdAt: string; readonly id: string }): string =>
  `${job.createdAt}#${job.id}`;

/** Sort key of records of a channel: a time (epoch seconds) in ISO 8601, then the id for those of the same millisecond. */
export const formatTimeId = (time: number, id: string): string =>
  formatCreatedAtId({ createdAt: new Date(time * 1000).toISOString(), id });

/** Number of partitions per status. */
export const statusShardCount = 8;

/** The partition of a job in the index `status-created`. */
export const computeStatusShard = (status: string, id: string): string => {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % statusShardCount;
  return `${status}#${hash}`;
};
