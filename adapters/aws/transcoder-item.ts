import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item.ts";
import { isJobRecord } from "./shards.ts";

const isJob = (value: Item): value is Item & TranscoderJob =>
  isJobRecord(value) && typeof value.pipelineId === "string" && typeof value.inputKey === "string";

/** Converts an item to a transcoder job, without the table's own attributes; undefined if the item is not a job. */
export const toTranscoderJob = (item: Item | undefined): TranscoderJob | undefined => {
  if (item === undefined) return undefined;
  const { createdAtId, statusShard, pending, running, unnotified, expiresAt, writeToken, ...job } = item;
  return isJob(job) ? job : undefined;
};

export const toTranscoderJobs = (items: readonly Item[]): readonly TranscoderJob[] =>
  items.map(toTranscoderJob).filter((job) => job !== undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Ids of the API begin with their creation time in milliseconds. */
const parseCreatedAt = (id: string): string => new Date(Number(id.slice(0, 13))).toISOString();

/** A type of item other than jobs. Each has its own partition in the index `status-created`. */
export interface ResourceType<Entry> {
  readonly name: "pipeline" | "preset";
  /** Converts an item to an entry; undefined if it is of another type. */
  readonly parse: (item: Item | undefined) => Entry | undefined;
}

/** Id of the item of a pipeline or preset. Job ids contain no `#`. */
export const getResourceItemId = (resourceType: ResourceType<unknown>, id: string): string =>
  `${resourceType.name}#${id}`;

export const toResourceItem = <Entry extends { readonly Id: string }>(
  resourceType: ResourceType<Entry>,
  entry: Entry,
): Item => ({
  id: getResourceItemId(resourceType, entry.Id),
  statusShard: resourceType.name,
  createdAtId: formatCreatedAtId({ createdAt: parseCreatedAt(entry.Id), id: entry.Id }),
  revision: 1,
  [resourceType.name]: entry,
});

const requiredStringFields = ["Id", "Arn", "Name", "Status", "InputBucket", "Role"] as const;
const isPipeline = (value: unknown): value is Pipeline =>
  isObject(value) &&
  requiredStringFields.every((name) => typeof value[name] === "string") &&
  [value.Notifications, value.ContentConfig, value.ThumbnailConfig].every(isObject);

const isPreset = (value: unknown): value is Preset =>
  isObject(value) && ["Id", "Name", "Container"].every((name) => typeof value[name] === "string");

export const pipelineResource: ResourceType<Pipeline> = {
  name: "pipeline",
  parse: (item) => (isPipeline(item?.pipeline) ? item.pipeline : undefined),
};
export const presetResource: ResourceType<Preset> = {
  name: "preset",
  parse: (item) => (isPreset(item?.preset) ? item.preset : undefined),
};
