import type { Pipeline, TranscoderJob } from "../../pipeline/transcoder/job.ts";
import type { Item } from "./items.ts";
import { isRecord } from "./shards.ts";

const isJob = (value: Item): value is Item & TranscoderJob =>
  isRecord(value) && typeof value.pipelineId === "string" && typeof value.inputKey === "string";

/** The job of an item, without the attributes that only the table needs; undefined for an item that is no job's. */
export const toTranscoderJob = (item: Item | undefined): TranscoderJob | undefined => {
  if (item === undefined) return undefined;
  const { arrival, statusShard, unnotified, expiresAt, ...job } = item;
  return isJob(job) ? job : undefined;
};

export const toTranscoderJobs = (items: readonly Item[]): readonly TranscoderJob[] =>
  items.map(toTranscoderJob).filter((job) => job !== undefined);

/** The id of a pipeline's item: no job's has a `#`. */
export const pipelineItem = (id: string): string => `pipeline#${id}`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const texts = ["Id", "Arn", "Name", "Status", "InputBucket", "OutputBucket", "Role"] as const;

const isPipeline = (value: unknown): value is Pipeline =>
  isObject(value) &&
  texts.every((name) => typeof value[name] === "string") &&
  [value.Notifications, value.ContentConfig, value.ThumbnailConfig].every(isObject);

/** The pipeline of an item; undefined for an item that is no pipeline's. */
export const toPipeline = (item: Item | undefined): Pipeline | undefined =>
  isPipeline(item?.pipeline) ? item.pipeline : undefined;
