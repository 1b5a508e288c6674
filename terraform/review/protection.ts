import { code, enumerate, type Phrase } from "./phrase.ts";
import { type Fields, getBlocks, getField, getText, isFields, isList, type Value } from "./value.ts";

/** What a change takes away of a resource's protection; `after` is undefined where the resource goes. */
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

/** Days after which logs go; 0 is never. */
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

/** Protections by type of resource: each compares the two sides and says what is lost, in a sentence. */
const protectionChecks: Readonly<Record<string, ProtectionCheck>> = {
  aws_s3_bucket_public_access_block(before, after, name) {
    if (after === undefined) return [["The public access block of bucket ", code(name), " goes"]];
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
      ? [["Bucket ", code(name), " keeps no versions any more: what is overwritten or deleted is lost"]]
      : [],
  aws_s3_bucket_server_side_encryption_configuration: (_, after, name) =>
    after === undefined ? [["Bucket ", code(name), " no longer encrypts with a key of ours"]] : [],
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
          ` are deleted ${now} days after they were made`,
          ...(old === undefined ? [] : [`, not ${old}`]),
        ],
      ];
    });
  },
  aws_dynamodb_table: (before, after, name) =>
    after !== undefined &&
    getNestedValue(before, ["point_in_time_recovery", "enabled"]) === true &&
    getNestedValue(after, ["point_in_time_recovery", "enabled"]) === false
      ? [
          [
            "Table ",
            code(name),
            " loses point-in-time recovery, and with it every earlier state of its records",
          ],
        ]
      : [],
  aws_kms_key(before, after, name) {
    if (after === undefined) return [];
    return [
      ...(getField(before, "enable_key_rotation") === true && getField(after, "enable_key_rotation") === false
        ? [["Key ", code(name), " is no longer rotated"]]
        : []),
      ...(getField(before, "is_enabled") === true && getField(after, "is_enabled") === false
        ? [["Key ", code(name), " is switched off: nothing encrypted with it can be read"]]
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
      ? [["Tags of repository ", code(name), " can be moved to another image"]]
      : [],
  aws_sqs_queue: (before, after, name) =>
    after !== undefined &&
    getText(before, "redrive_policy") !== undefined &&
    getNestedValue(after, ["redrive_policy"]) === null
      ? [["Queue ", code(name), " loses its dead-letter queue: a message that keeps failing is dropped"]]
      : [],
  aws_flow_log: (_, after, name) =>
    after === undefined ? [[code(name), ": traffic is no longer logged"]] : [],
  aws_cloudtrail: (_, after, name) =>
    after === undefined ? [["Trail ", code(name), " goes: calls are no longer recorded"]] : [],
};

/** Switches that mean the same on every resource that has them; which way is the dangerous one. */
const protectionSwitches: readonly {
  readonly name: string;
  readonly safeValue: boolean;
  readonly message: string;
}[] = [
  { name: "deletion_protection_enabled", safeValue: true, message: "loses its deletion protection" },
  { name: "deletion_protection", safeValue: true, message: "loses its deletion protection" },
  { name: "enable_deletion_protection", safeValue: true, message: "loses its deletion protection" },
  { name: "force_destroy", safeValue: false, message: "may from now on be destroyed with all that is in it" },
  { name: "force_delete", safeValue: false, message: "may from now on be destroyed with all that is in it" },
  { name: "skip_final_snapshot", safeValue: false, message: "leaves no snapshot when it is destroyed" },
  { name: "storage_encrypted", safeValue: true, message: "is no longer encrypted" },
  { name: "encrypted", safeValue: true, message: "is no longer encrypted" },
];

const findName = (before: Fields, address: string): string =>
  ["bucket", "name", "id"].map((key) => getText(before, key)).find((text) => text !== undefined) ?? address;

/**
 * What protection a change takes from a resource that stands already.
 *
 * @param after undefined where the resource goes
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
