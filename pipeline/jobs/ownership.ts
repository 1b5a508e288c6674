import type { Ownership } from "./attempt.ts";

/** Names of the metadata every output carries: whose it is, and of which version of the source. */
export const ownershipMetadata = {
  job: "reelway-job",
  attempt: "reelway-attempt",
  route: "reelway-route",
  source: "reelway-source",
  sequencer: "reelway-sequencer",
  modified: "reelway-modified",
} as const;

/** What may be done with an output key; `stale-attempt`: a later attempt of the same job has written it. */
export type PublishDecision = "write" | "stale-attempt" | "superseded" | "conflict";

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
const isFromNewerSource = (
  existing: Metadata,
  ownership: Extract<Ownership, { kind: "source" }>,
): boolean => {
  const sequencer = existing[ownershipMetadata.sequencer] ?? "";
  if (sequencer !== "" && ownership.sequencer !== undefined)
    return compareSequencers(sequencer, ownership.sequencer) > 0;
  const existingModifiedMs = Date.parse(existing[ownershipMetadata.modified] ?? "");
  const ownModifiedMs = Date.parse(ownership.modifiedAt ?? "");
  return (
    Number.isFinite(existingModifiedMs) &&
    Number.isFinite(ownModifiedMs) &&
    existingModifiedMs > ownModifiedMs
  );
};

/**
 * An attempt as an output's metadata names it. Where the transcoder counts attempts of its own, the Reelway job's
 * comes first: `2.1` is the first attempt of the transcoder job of the second.
 */
const formatAttempt = (ownership: Ownership, attempt: number): string =>
  ownership.kind === "source" && ownership.jobAttempt !== undefined
    ? `${ownership.jobAttempt}.${attempt}`
    : String(attempt);

/** True where an object was made by a job, whichever of its attempts. */
export const isFromJob = (existing: Metadata, { job }: Ownership): boolean =>
  existing[ownershipMetadata.job] === job;

/** True where an object was made by exactly this attempt. */
export const isFromAttempt = (existing: Metadata, ownership: Ownership, attempt: number): boolean =>
  isFromJob(existing, ownership) && existing[ownershipMetadata.attempt] === formatAttempt(ownership, attempt);

/** True where an object of the same job was made by a later attempt than ours. */
export const isFromLaterAttempt = (existing: Metadata, ownership: Ownership, attempt: number): boolean => {
  const existingAttempt = (existing[ownershipMetadata.attempt] ?? "").split(".").map(Number);
  const ownAttempt = formatAttempt(ownership, attempt).split(".").map(Number);
  // Counted otherwise: made before the Reelway job's attempt was a part of it.
  if (existingAttempt.length !== ownAttempt.length) return false;
  const differingIndex = ownAttempt.findIndex((part, index) => part !== existingAttempt[index]);
  return differingIndex >= 0 && (existingAttempt[differingIndex] ?? 0) > (ownAttempt[differingIndex] ?? 0);
};

/**
 * Whether a job may put an output where an object may be already (docs/decisions/0012-output-ownership.md): the same
 * source and route replace what an older version made, never what a newer one made; an attempt replaces what an
 * earlier one of its job made, never what a later one made; others' objects stay.
 *
 * @param existing metadata of the object under the key, undefined where there is none
 */
export const decidePublish = (
  existing: Metadata | undefined,
  ownership: Ownership,
  attempt: number,
): PublishDecision => {
  if (existing === undefined) return "write";
  if (isFromJob(existing, ownership))
    return isFromLaterAttempt(existing, ownership, attempt) ? "stale-attempt" : "write";
  if (ownership.kind === "strict") return "conflict";
  const isSameSourceAndRoute =
    existing[ownershipMetadata.source] === ownership.source &&
    existing[ownershipMetadata.route] === ownership.route;
  if (!isSameSourceAndRoute) return "conflict";
  return isFromNewerSource(existing, ownership) ? "superseded" : "write";
};

/** The metadata an output of this attempt carries. */
export const buildOutputMetadata = (ownership: Ownership, attempt: number): Metadata => {
  const common = {
    [ownershipMetadata.job]: ownership.job,
    [ownershipMetadata.attempt]: formatAttempt(ownership, attempt),
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
