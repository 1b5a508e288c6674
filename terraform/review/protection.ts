import { code, enumerate, type Phrase } from "./phrase.ts";
import { type Fields, getBlocks, getField, getText, isFields, isList, type Value } from "./value.ts";

/** Finds the protections that a change removes; `after` is undefined for a deleted resource. */
type ProtectionCheck = (before: Fields, after: Fields | undefined, name: string) => readonly Phrase[];

const getNestedValue = (fields: Fields | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((value, step) => {
    const inner = getField(value, step);
    return isList(inner) && inner.length === 1 && isFields(inner[0]) ? inner[0] : inner;
  }, fields);

const publicAccessAttributes = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

/** Returns the retention in days; 0 means unlimited. */
const getRetentionDays = (value: Value | undefined): number =>
  typeof value === "number" && value > 0 ? value : Number.POSITIVE_INFINITY;

const findExpirations = (fields: Fields | undefined): ReadonlyMap<string, number> =>
  new Map(
    getBlocks(fields, "rule").flatMap((rule) => {
      const after = getNestedValue(rule, ["expiration", "days"]);
      if (getText(rule, "status") === "Disabled" || typeof after !== "number" || after <= 0) return [];
      const [filter] = getBlocks(rule, "filter");
      return [[getText(filter, "prefix") ?? getText(rule, "prefix") ?? "", after] as const];
    }),
  );

/** Checks by resource type; each returns a sentence per lost protection. */
const protectionChecks: Readonly<Record<string, ProtectionCheck>> = {
  aws_s3_bucket_public_access_block(before, after, name) {
    if (after === undefined) return [["The public access block of bucket ", code(name), " is deleted"]];
    const open = publicAccessAttributes.filter(
      (block) => getField(before, block) === true && getField(after, block) !== true,
    );
    return open.length === 0
      ? []
      : [["The public access block of bucket ", code(name), " no longer has ", ...enumerate(open.map(code))]];
  },
  aws_s3_bucket_versioning: (before, after, name) =>
    getNestedValue(before, ["versioning_configuration", "status"]) === "Enabled" &&
    getNestedValue(after, ["versioning_configuration", "status"]) !== "Enabled"
      ? [["Bucket ", code(name), " no longer has versioning: overwritten and deleted objects are lost"]]
      : [],
  aws_s3_bucket_server_side_encryption_configuration: (_, after, name) =>
    after === undefined ? [["Bucket ", code(name), " is no longer encrypted with the stage's KMS key"]] : [],
  aws_s3_bucket_logging: (_, after, name) =>
    after === undefined ? [["Access to bucket ", code(name), " is no longer logged"]] : [],
  aws_s3_bucket_lifecycle_configuration(before, after, name) {
    const previousExpirations = findExpirations(before);
    return [...findExpirations(after)].flatMap(([prefix, now]) => {
      const old = previousExpirations.get(prefix);
      if (old !== undefined && old <= now) return [];
      return [
        [
          "Objects of bucket ",
          code(name),
          ...(prefix === "" ? [] : [" under ", code(prefix)]),
          ` expire ${now} days after their creation`,
          ...(old === undefined ? [] : [` instead of ${old}`]),
        ],
      ];
    });
  },
  aws_dynamodb_table: (before, after, name) =>
    after !== undefined &&
    getNestedValue(before, ["point_in_time_recovery", "enabled"]) === true &&
    getNestedValue(after, ["point_in_time_recovery", "enabled"]) === false
      ? [["Table ", code(name), " loses point-in-time recovery and the existing recovery points"]]
      : [],
  aws_kms_key(before, after, name) {
    if (after === undefined) return [];
    return [
      ...(getField(before, "enable_key_rotation") === true && getField(after, "enable_key_rotation") === false
        ? [["Key ", code(name), " is no longer rotated"]]
        : []),
      ...(getField(before, "is_enabled") === true && getField(after, "is_enabled") === false
        ? [["Key ", code(name), " is disabled: data encrypted with it cannot be read"]]
        : []),
    ];
  },
  aws_cloudwatch_log_group(before, after, name) {
    if (after === undefined) return [];
    const [old, now] = [
      getRetentionDays(getField(before, "retention_in_days")),
      getRetentionDays(getField(after, "retention_in_days")),
    ];
    return now < old ? [["Events of log group ", code(name), ` older than ${now} days are deleted`]] : [];
  },
  aws_ecr_repository: (before, after, name) =>
    getText(before, "image_tag_mutability") === "IMMUTABLE" &&
    getText(after, "image_tag_mutability") === "MUTABLE"
      ? [["Image tags of repository ", code(name), " become mutable"]]
      : [],
  aws_sqs_queue: (before, after, name) =>
    after !== undefined &&
    getText(before, "redrive_policy") !== undefined &&
    getNestedValue(after, ["redrive_policy"]) === null
      ? [["Queue ", code(name), " loses its dead-letter queue: messages that keep failing are lost"]]
      : [],
  aws_flow_log: (_, after, name) => (after === undefined ? [[code(name), ": flow logs are deleted"]] : []),
  aws_cloudtrail: (_, after, name) =>
    after === undefined ? [["Trail ", code(name), " is deleted: API calls are no longer recorded"]] : [],
};

/** Boolean attributes with the same meaning on every resource type, and their safe value. */
const protectionSwitches: readonly {
  readonly name: string;
  readonly safeValue: boolean;
  readonly message: string;
}[] = [
  { name: "deletion_protection_enabled", safeValue: true, message: "loses its deletion protection" },
  { name: "deletion_protection", safeValue: true, message: "loses its deletion protection" },
  { name: "enable_deletion_protection", safeValue: true, message: "loses its deletion protection" },
  { name: "force_destroy", safeValue: false, message: "can now be destroyed with all its contents" },
  { name: "force_delete", safeValue: false, message: "can now be destroyed with all its contents" },
  {
    name: "skip_final_snapshot",
    safeValue: false,
    message: "no longer creates a final snapshot when it is destroyed",
  },
  { name: "storage_encrypted", safeValue: true, message: "is no longer encrypted" },
  { name: "encrypted", safeValue: true, message: "is no longer encrypted" },
];

const findName = (before: Fields, address: string): string =>
  ["bucket", "name", "id"].map((key) => getText(before, key)).find((text) => text !== undefined) ?? address;

/**
 * Finds the protections that a change removes from an existing resource.
 *
 * @param after undefined for a deleted resource
 */
export const findLostProtections = (
  type: string,
  address: string,
  before: Fields,
  after: Fields | undefined,
): readonly Phrase[] => {
  if (Object.keys(before).length === 0) return [];
  const typeSpecific = Object.hasOwn(protectionChecks, type)
    ? (protectionChecks[type]?.(before, after, findName(before, address)) ?? [])
    : [];
  if (after === undefined) return typeSpecific;
  const switchChanges = protectionSwitches.flatMap(({ name, safeValue, message }): readonly Phrase[] =>
    getField(before, name) === safeValue && getField(after, name) === !safeValue
      ? [[code(address), ` ${message}`]]
      : [],
  );
  return [...typeSpecific, ...switchChanges];
};
