import { listSpellings } from "../pipeline/routing/direct-match.ts";
import type { Route } from "../pipeline/routing/route.ts";
import type { StageStack } from "./stack.ts";

/** Builds the pattern for new objects of a bucket (S3 user guide, EventBridge event message structure). */
export const matchCreatedObjects = (bucket: string, prefixes: readonly string[] = []): unknown => ({
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: {
    bucket: { name: [bucket] },
    ...(prefixes.length === 0 || prefixes.includes("")
      ? {}
      : { object: { key: prefixes.map((prefix) => ({ prefix })) } }),
  },
});

/** Characters of an event pattern with its wildcards; AWS allows 2,048 (EventBridge user guide, "Quotas"). */
const maxPatternCharacters = 1900;
/** Wildcards of one pattern: AWS refuses patterns that are too complex, without a stated limit. */
const maxWildcards = 15;

/** A matcher of keys in a pattern. */
type UploadMatcher =
  | { readonly wildcard: string }
  | { readonly suffix: { readonly "equals-ignore-case": string } };

/** Escapes text in a wildcard pattern (EventBridge user guide, "Create event patterns", wildcards). */
const escapeWildcards = (text: string): string => text.replaceAll(/[\\*]/g, "\\$&");

/**
 * Builds the patterns for the uploads of a direct route, one for each rule: its extensions under its prefix, in the
 * spellings of `isStartedDirectly`, or with any case if it has no prefix.
 */
export const matchUploads = (
  bucket: string,
  { prefix, extensions }: Pick<Route, "prefix" | "extensions">,
): readonly unknown[] => {
  const matchers: readonly UploadMatcher[] =
    prefix === ""
      ? extensions.map((extension) => ({ suffix: { "equals-ignore-case": `.${extension}` } }))
      : extensions
          .flatMap(listSpellings)
          .map((spelling) => ({ wildcard: `${escapeWildcards(prefix)}*.${spelling}` }));
  const chunks: UploadMatcher[][] = [];
  for (const matcher of matchers) {
    const chunk = chunks.at(-1);
    if (
      chunk === undefined ||
      chunk.length === maxWildcards ||
      JSON.stringify([...chunk, matcher]).length > maxPatternCharacters - 300
    )
      chunks.push([matcher]);
    else chunk.push(matcher);
  }
  return chunks.map((key) => ({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [bucket] }, object: { key } },
  }));
};

/**
 * The pattern for created objects whose keys may pass through an input transformer (`isSafeInTemplate`). One field cannot
 * match a wildcard and exclude another, so this is the pattern of a second rule. Keys with control characters match: their
 * input is not valid JSON, so EventBridge starts nothing.
 */
export const safeKeyPattern = {
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { object: { key: [{ "anything-but": { wildcard: ['*"*', "*\\\\*", "*<*", "*>*"] } }] } },
} as const;

/** Builds the pattern for stopped tasks of the stage's cluster (Amazon ECS developer guide, Task state change events). */
export const matchStoppedTasks = ({ arns, names }: Pick<StageStack, "arns" | "names">): unknown => ({
  source: ["aws.ecs"],
  "detail-type": ["ECS Task State Change"],
  detail: { clusterArn: [arns.of("ecs", `cluster/${names.cluster}`)], lastStatus: ["STOPPED"] },
});
