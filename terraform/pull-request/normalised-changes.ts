import { createHash } from "node:crypto";
import * as z from "zod";
import { flattenValue, mergeMarks, renderPath } from "./flatten-value.ts";
import type { PlanDocument, PlannedChange, ResourceChange } from "./plan-document.ts";

const attributeSchema = z.strictObject({
  /** Path in the resource, e.g. `rule[0].tags["a b"]`; empty for an output as a whole. */
  path: z.string(),
  /** JSON, or a placeholder in parentheses; undefined without a value. */
  before: z.string().optional(),
  after: z.string().optional(),
});

/** Schema of a change as it is stored: its differences, without secrets. */
export const normalisedChangeSchema = z.strictObject({
  address: z.string(),
  previousAddress: z.string().optional(),
  /** Terraform's action names; a replacement is `delete` and `create` in the order of execution. */
  actions: z.array(z.string()),
  /** Id of an imported resource; empty if known after apply. */
  importing: z.string().optional(),
  /** Attributes that force the replacement. */
  replacePaths: z.array(z.string()).optional(),
  attributes: z.array(attributeSchema),
});
export type NormalisedChange = z.infer<typeof normalisedChangeSchema>;
export type AttributeChange = z.infer<typeof attributeSchema>;

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Lists the attributes that a change affects. Unchanged attributes are left out, because they are not part of the
 * decision. A value that is sensitive before or after is hidden in both.
 */
const compareAttributes = (change: PlannedChange): AttributeChange[] => {
  const sensitive = mergeMarks(change.before_sensitive, change.after_sensitive);
  const before = flattenValue(change.before, { sensitive });
  const after = flattenValue(change.after, { sensitive, unknown: change.after_unknown });
  return [...new Set([...before.keys(), ...after.keys()])].sort(compareText).flatMap((path) => {
    const [oldLeaf, newLeaf] = [before.get(path), after.get(path)];
    if (oldLeaf?.text === newLeaf?.text && oldLeaf?.identity === newLeaf?.identity) return [];
    return [{ path, ...(oldLeaf && { before: oldLeaf.text }), ...(newLeaf && { after: newLeaf.text }) }];
  });
};

const normalise = (address: string, change: PlannedChange): NormalisedChange => ({
  address,
  actions: change.actions,
  ...(change.importing && { importing: change.importing.id ?? "" }),
  ...(change.replace_paths?.length && {
    replacePaths: change.replace_paths.map(renderPath).sort(compareText),
  }),
  attributes: compareAttributes(change),
});

const isImport = ({ importing }: PlannedChange): boolean => importing !== undefined && importing !== null;
const isNoOp = ({ actions }: PlannedChange): boolean =>
  actions.every((action) => action === "no-op" || action === "read");

const normaliseResources = (changes: readonly ResourceChange[]): NormalisedChange[] =>
  changes
    .filter(
      ({ address, previous_address: previous = address, change }) =>
        !isNoOp(change) || isImport(change) || previous !== address,
    )
    .map(({ address, previous_address: previous = address, deposed, change }) => ({
      ...normalise(deposed === undefined ? address : `${address} (deposed ${deposed})`, change),
      ...(previous !== address && { previousAddress: previous }),
    }));

const sortChanges = (changes: readonly NormalisedChange[]): readonly NormalisedChange[] =>
  changes.toSorted((one, other) => compareText(one.address, other.address));

/**
 * Normalises the changes of a plan: removes what differs between plans of the same changes (order, times, read values).
 * Moves and imports count as changes. Sensitive values are removed.
 *
 * @returns sorted by address; outputs as `output.NAME`
 */
export const normaliseChanges = (plan: PlanDocument): readonly NormalisedChange[] =>
  sortChanges([
    ...normaliseResources(plan.resource_changes),
    ...Object.entries(plan.output_changes)
      .filter(([, change]) => !isNoOp(change))
      .map(([name, change]) => normalise(`output.${name}`, change)),
  ]);

/**
 * Values that providers do not distinguish from absent ones (Terraform Plugin SDKv2, "zero values"): a value applied as
 * absent can be read as one of these by the next refresh.
 */
const zeroValues: readonly (string | undefined)[] = [undefined, "{}", "[]", '""', "false", "0"];

const isRealChange = ({ before, after }: AttributeChange): boolean =>
  !(
    zeroValues.includes(before) &&
    zeroValues.includes(after) &&
    (before === undefined || after === undefined)
  );

/**
 * Normalises the drift that a plan reports. A change between an absent and an empty value is ignored.
 */
export const normaliseDrift = (plan: PlanDocument): readonly NormalisedChange[] =>
  sortChanges(
    plan.resource_drift
      .filter(({ change }) => !isNoOp(change))
      .map(({ address, deposed, change }) => {
        const drift = normalise(deposed === undefined ? address : `${address} (deposed ${deposed})`, change);
        return { ...drift, attributes: drift.attributes.filter(isRealChange) };
      })
      .filter(({ actions, attributes }) => actions.join() !== "update" || attributes.length > 0),
  );

/** Version of the hashed form. A new version invalidates all earlier reviews. */
const hashFormat = "reelway-changes-1";

/** Computes the hash (SHA-256, hexadecimal) that identifies a reviewed plan. */
export const hashChanges = (changes: readonly NormalisedChange[]): string => {
  const canonical = sortChanges(changes).map((change) => [
    change.address,
    change.previousAddress ?? null,
    change.actions,
    change.importing ?? null,
    change.replacePaths ?? [],
    change.attributes.map(({ path, before = null, after = null }) => [path, before, after]),
  ]);
  return createHash("sha256")
    .update(JSON.stringify([hashFormat, canonical]))
    .digest("hex");
};

/** Numbers of resources per action of a plan; outputs are not counted. */
export interface ActionCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly move: number;
  readonly import: number;
  readonly forget: number;
}

/** Counts the changes per action; a resource that is moved and updated counts in both. */
export const countChanges = (changes: readonly NormalisedChange[]): ActionCounts => {
  const resources = changes.filter(({ address }) => !address.startsWith("output."));
  const count = (matches: (change: NormalisedChange) => boolean) => resources.filter(matches).length;
  const countActions = (...actions: string[]) =>
    count((change) => change.actions.toSorted(compareText).join() === actions.toSorted(compareText).join());
  return {
    create: countActions("create"),
    update: countActions("update"),
    replace: countActions("create", "delete"),
    delete: countActions("delete"),
    move: count(({ previousAddress }) => previousAddress !== undefined),
    import: count(({ importing }) => importing !== undefined),
    forget: count(({ actions }) => actions.includes("forget")),
  };
};
