import { createHash } from "node:crypto";
import * as z from "zod";
import { flattenValue, mergeMarks, renderPath } from "./flatten-value.ts";
import type { PlanDocument, PlannedChange, ResourceChange } from "./plan-document.ts";

const attributeSchema = z.strictObject({
  /** Where in the resource: `rule[0].tags["a b"]`; empty for the whole of an output. */
  path: z.string(),
  /** JSON, or a mark in parentheses; absent where there is nothing. */
  before: z.string().optional(),
  after: z.string().optional(),
});

/** What is kept of a change: enough to tell a person what differs, and nothing secret. */
export const normalisedChangeSchema = z.strictObject({
  address: z.string(),
  previousAddress: z.string().optional(),
  /** As Terraform names them; a replacement is `delete` and `create` in the order they are done. */
  actions: z.array(z.string()),
  /** The id of what is imported; empty where it is known only at apply. */
  importing: z.string().optional(),
  /** The attributes that force a replacement. */
  replacePaths: z.array(z.string()).optional(),
  attributes: z.array(attributeSchema),
});
export type NormalisedChange = z.infer<typeof normalisedChangeSchema>;
export type AttributeChange = z.infer<typeof attributeSchema>;

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * What a change does to attributes: only those that differ, since what a refresh reads beside them is no part of the
 * decision. What is secret on one side is hidden on both.
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
 * What a plan would do, without what differs from plan to plan of the same decision: the order of things, times, what
 * was read. Moved and imported resources are changes too; sensitive values are never in it.
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
 * Values that providers do not tell apart from nothing (Terraform Plugin SDKv2, "zero values"): what an apply keeps as
 * nothing, the next refresh reads as one of these.
 */
const zeroValues: readonly (string | undefined)[] = [undefined, "{}", "[]", '""', "false", "0"];

const isRealChange = ({ before, after }: AttributeChange): boolean =>
  !(
    zeroValues.includes(before) &&
    zeroValues.includes(after) &&
    (before === undefined || after === undefined)
  );

/**
 * What was found changed behind Terraform's back, as a plan tells it beside what it would do. From nothing to an empty
 * value is no change.
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

/** Version of the form below; another one makes every earlier review void. */
const hashFormat = "reelway-changes-1";

/** The SHA-256, in hexadecimal, by which a reviewed plan is known again. */
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

/** How many resources a plan touches, and how; outputs are not counted. */
export interface ActionCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly move: number;
  readonly import: number;
  readonly forget: number;
}

/** Counts changes of resources; one that is moved and updated counts in both. */
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
