/** One index of a table; attributes are strings all. */
export interface IndexDefinition {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
}
/** A table's shape, for Terraform, the embedded database and the emulator alike. */
export interface TableDefinition {
  readonly hashKey: string;
  readonly indexes: readonly IndexDefinition[];
  /** Attribute that holds the epoch second of expiry. */
  readonly ttlAttribute: string;
}

/**
 * Reelway's own jobs. `statusShard` is `STATUS#N`. `createdAtId` is unique (`formatCreatedAtId`), so that no page of an
 * index ends between equal keys. `unnotified` exists only until the message is marked.
 */
export const jobsTable: TableDefinition = {
  hashKey: "id",
  indexes: [
    { name: "status-created", hashKey: "statusShard", rangeKey: "createdAtId" },
    { name: "source", hashKey: "sourceHash", rangeKey: "createdAtId" },
    { name: "engine-job", hashKey: "engineJobId", rangeKey: "createdAtId" },
    { name: "unnotified", hashKey: "unnotified", rangeKey: "finishedAt" },
  ],
  ttlAttribute: "expiresAt",
};

/**
 * Jobs, pipelines and presets of the transcoder service. `pending` and `running` hold a job's `createdAtId` while it has
 * no task, and while it has one: a long queue then costs the dispatcher nothing. Pipelines and presets
 * lie in the index `status-created` too, under a partition of their own.
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

/** Orders jobs by their creation, and by their id where two were created in one millisecond. */
export const formatCreatedAtId = (job: { readonly createdAt: string; readonly id: string }): string =>
  `${job.createdAt}#${job.id}`;

/** Partitions a status is spread over. */
export const statusShardCount = 8;

/** The partition of a job in the index `status-created`. */
export const computeStatusShard = (status: string, id: string): string => {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % statusShardCount;
  return `${status}#${hash}`;
};
