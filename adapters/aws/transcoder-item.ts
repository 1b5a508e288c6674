import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item-expressions.ts";
import { isJobRecord } from "./shards.ts";

const isJob = (value: Item): value is Item & TranscoderJob =>
  isJobRecord(value) && typeof value.pipelineId === "string" && typeof value.inputKey === "string";

/** The job of an item, without the attributes that only the table needs; undefined for an item that is no job's. */
export const toTranscoderJob = (item: Item | undefined): TranscoderJob | undefined => {
  if (item === undefined) return undefined;
  const { createdAtId, statusShard, pending, running, unnotified, expiresAt, writeToken, ...job } = item;
  return isJob(job) ? job : undefined;
};

export const toTranscoderJobs = (items: readonly Item[]): readonly TranscoderJob[] =>
  items.map(toTranscoderJob).filter((job) => job !== undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Ids of the API begin with the milliseconds of their making. */
const parseCreatedAt = (id: string): string => new Date(Number(id.slice(0, 13))).toISOString();

/** A kind of thing that lies in the table beside the jobs, one partition of the index `status-created` for each. */
export interface ResourceType<Entry> {
  readonly name: "pipeline" | "preset";
  /** The entry of an item; undefined for an item that is none's. */
  readonly parse: (item: Item | undefined) => Entry | undefined;
}

/** The id of an item that is no job's: no job's has a `#`. */
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
