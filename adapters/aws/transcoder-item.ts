import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { arrivalOf } from "../../pipeline/ports/tables.ts";
import type { Item } from "./items.ts";
import { isRecord } from "./shards.ts";

const isJob = (value: Item): value is Item & TranscoderJob =>
  isRecord(value) && typeof value.pipelineId === "string" && typeof value.inputKey === "string";

/** The job of an item, without the attributes that only the table needs; undefined for an item that is no job's. */
export const toTranscoderJob = (item: Item | undefined): TranscoderJob | undefined => {
  if (item === undefined) return undefined;
  const { arrival, statusShard, waiting, running, unnotified, expiresAt, writeToken, ...job } = item;
  return isJob(job) ? job : undefined;
};

export const toTranscoderJobs = (items: readonly Item[]): readonly TranscoderJob[] =>
  items.map(toTranscoderJob).filter((job) => job !== undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Ids of the API begin with the milliseconds of their making. */
const madeAt = (id: string): string => new Date(Number(id.slice(0, 13))).toISOString();

/** A kind of thing that lies in the table beside the jobs, one partition of the index `status-created` for each. */
export interface Kind<Entry> {
  readonly name: "pipeline" | "preset";
  /** The entry of an item; undefined for an item that is none's. */
  readonly of: (item: Item | undefined) => Entry | undefined;
}

/** The id of an item that is no job's: no job's has a `#`. */
export const kindItemId = (kind: Kind<unknown>, id: string): string => `${kind.name}#${id}`;

export const kindItem = <Entry extends { readonly Id: string }>(kind: Kind<Entry>, entry: Entry): Item => ({
  id: kindItemId(kind, entry.Id),
  statusShard: kind.name,
  arrival: arrivalOf({ createdAt: madeAt(entry.Id), id: entry.Id }),
  revision: 1,
  [kind.name]: entry,
});

const texts = ["Id", "Arn", "Name", "Status", "InputBucket", "Role"] as const;
const isPipeline = (value: unknown): value is Pipeline =>
  isObject(value) &&
  texts.every((name) => typeof value[name] === "string") &&
  [value.Notifications, value.ContentConfig, value.ThumbnailConfig].every(isObject);

const isPreset = (value: unknown): value is Preset =>
  isObject(value) && ["Id", "Name", "Container"].every((name) => typeof value[name] === "string");

export const pipelineKind: Kind<Pipeline> = {
  name: "pipeline",
  of: (item) => (isPipeline(item?.pipeline) ? item.pipeline : undefined),
};
export const presetKind: Kind<Preset> = {
  name: "preset",
  of: (item) => (isPreset(item?.preset) ? item.preset : undefined),
};
