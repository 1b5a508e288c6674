import type { Ownership } from "./order.ts";

/** Names of the metadata every output carries: whose it is, and of which version of the source. */
export const ownershipMetadata = {
  job: "reelway-job",
  attempt: "reelway-attempt",
  route: "reelway-route",
  source: "reelway-source",
  sequencer: "reelway-sequencer",
  modified: "reelway-modified",
} as const;

/** What may be done with an output key. */
export type PublishDecision = "write" | "superseded" | "taken";

type Metadata = Readonly<Record<string, string>>;

/**
 * Orders two sequencers of one key: below zero where `a` is earlier. The shorter is padded with zeros on its
 * right, then they compare as text (Amazon S3 user guide, "Event message structure", sequencer).
 */
export const compareSequencers = (a: string, b: string): number => {
  const length = Math.max(a.length, b.length);
  const left = a.toUpperCase().padEnd(length, "0");
  const right = b.toUpperCase().padEnd(length, "0");
  return left === right ? 0 : left < right ? -1 : 1;
};

/** True where the existing object comes from a later version of the source than ours. */
const isNewer = (existing: Metadata, ours: Extract<Ownership, { kind: "source" }>): boolean => {
  const sequencer = existing[ownershipMetadata.sequencer] ?? "";
  if (sequencer !== "" && ours.sequencer !== undefined)
    return compareSequencers(sequencer, ours.sequencer) > 0;
  const modified = Date.parse(existing[ownershipMetadata.modified] ?? "");
  const mine = Date.parse(ours.modifiedAt ?? "");
  return Number.isFinite(modified) && Number.isFinite(mine) && modified > mine;
};

/**
 * Whether a job may put an output where an object may be already (DESIGN 5, ownership of outputs): the same
 * source and route replace what an older version made, never what a newer one made; others' objects stay.
 *
 * @param existing metadata of the object under the key, undefined where there is none
 */
export const mayPublish = (existing: Metadata | undefined, ownership: Ownership): PublishDecision => {
  if (existing === undefined || existing[ownershipMetadata.job] === ownership.job) return "write";
  if (ownership.kind === "strict") return "taken";
  const same =
    existing[ownershipMetadata.source] === ownership.source &&
    existing[ownershipMetadata.route] === ownership.route;
  if (!same) return "taken";
  return isNewer(existing, ownership) ? "superseded" : "write";
};

/** The metadata an output of this attempt carries. */
export const outputMetadata = (ownership: Ownership, attempt: number): Metadata => {
  const common = {
    [ownershipMetadata.job]: ownership.job,
    [ownershipMetadata.attempt]: String(attempt),
  };
  if (ownership.kind === "strict") return common;
  return {
    ...common,
    [ownershipMetadata.route]: ownership.route,
    [ownershipMetadata.source]: ownership.source,
    ...(ownership.sequencer === undefined ? {} : { [ownershipMetadata.sequencer]: ownership.sequencer }),
    ...(ownership.modifiedAt === undefined ? {} : { [ownershipMetadata.modified]: ownership.modifiedAt }),
  };
};
