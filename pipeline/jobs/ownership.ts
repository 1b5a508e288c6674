import type { Ownership } from "./attempt.ts";

/** Names of the metadata of every output: its job and route, and the version of its source. */
export const ownershipMetadata = {
  job: "reelway-job",
  attempt: "reelway-attempt",
  route: "reelway-route",
  source: "reelway-source",
  sequencer: "reelway-sequencer",
  modified: "reelway-modified",
} as const;

/** Whether an output may be written; `stale-attempt`: a later attempt of the same job has written the key. */
export type PublishDecision = "write" | "stale-attempt" | "superseded" | "conflict";

type Metadata = Readonly<Record<string, string>>;

/**
 * Compares two sequencers of one key: negative if `a` is earlier. The shorter one is padded with zeros on the right,
 * then they are compared as text (Amazon S3 user guide, "Event message structure", sequencer).
 */
export const compareSequencers = (a: string, b: string): number => {
  const length = Math.max(a.length, b.length);
  const left = a.toUpperCase().padEnd(length, "0");
  const right = b.toUpperCase().padEnd(length, "0");
  return left === right ? 0 : left < right ? -1 : 1;
};

/** True if the existing object comes from a later version of the source. */
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
 * Formats an attempt for an output's metadata. For a transcoder job, the Reelway job's attempt comes first: `2.1` is
 * the first attempt of the transcoder job of the second attempt.
 */
const formatAttempt = (ownership: Ownership, attempt: number): string =>
  ownership.kind === "source" && ownership.jobAttempt !== undefined
    ? `${ownership.jobAttempt}.${attempt}`
    : String(attempt);

/** True if an object was created by any attempt of this job. */
export const isFromJob = (existing: Metadata, { job }: Ownership): boolean =>
  existing[ownershipMetadata.job] === job;

/** True if an object was created by exactly this attempt. */
export const isFromAttempt = (existing: Metadata, ownership: Ownership, attempt: number): boolean =>
  isFromJob(existing, ownership) && existing[ownershipMetadata.attempt] === formatAttempt(ownership, attempt);

/** True if an object of the same job was created by a later attempt. */
export const isFromLaterAttempt = (existing: Metadata, ownership: Ownership, attempt: number): boolean => {
  const existingAttempt = (existing[ownershipMetadata.attempt] ?? "").split(".").map(Number);
  const ownAttempt = formatAttempt(ownership, attempt).split(".").map(Number);
  // A different format: written before the Reelway job's attempt was part of it.
  if (existingAttempt.length !== ownAttempt.length) return false;
  const differingIndex = ownAttempt.findIndex((part, index) => part !== existingAttempt[index]);
  return differingIndex >= 0 && (existingAttempt[differingIndex] ?? 0) > (ownAttempt[differingIndex] ?? 0);
};

/**
 * Decides whether a job may write an output key (docs/decisions/0012-output-ownership.md). A newer version of the same
 * source replaces the outputs of an older one on the same route, a later attempt those of an earlier one, never the
 * other way round. Objects of other sources are never replaced.
 *
 * @param existing metadata of the object with this key, if it exists
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

/** Builds the metadata of an output of this attempt. */
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
