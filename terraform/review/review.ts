import { accessChanges, driftedAccess } from "./access/changes.ts";
import type { AccessChange } from "./access/sentences.ts";
import { type Action, actionOf, type Counts, countActions, orderOf, reasonInWords } from "./action.ts";
import { type AttributeChange, compareAttributes } from "./attributes.ts";
import { type Drift, driftOf } from "./drift.ts";
import { newOpenings } from "./exposure.ts";
import type { Phrase } from "./phrase.ts";
import { type Change, type ResourceChange, readPlan } from "./plan-document.ts";
import { lostProtections } from "./protection.ts";
import { type Configured, fieldsOf, readConfigured, withSides } from "./references.ts";
import { statefulness } from "./stateful.ts";
import { type Fields, markValue, textOf, type Value } from "./value.ts";

/** What happens to one resource. */
export interface ReviewedResource {
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Its name on AWS, where it has one that is known. */
  readonly name?: string;
  /** Key of an old object that an earlier apply left behind, where it is that one. */
  readonly deposed?: string;
  /** Why, in words. */
  readonly reason?: string;
  /** In which order a replacement goes. */
  readonly order?: string;
  readonly movedFrom?: string;
  /** Id on AWS of what is taken over. */
  readonly importedId?: string;
  /** Attributes that change: of an update, a replacement, and what else an import changes. */
  readonly attributes: readonly AttributeChange[];
  /** What is lost with it. */
  readonly loses?: {
    readonly lost: string;
    /** Whether the plan must not be applied before a person has named the address. */
    readonly guarded: boolean;
    readonly allowed: boolean;
  };
}

/** An output whose value changes. */
export interface ReviewedOutput {
  readonly name: string;
  readonly action: Action;
  readonly before?: Value;
  readonly after?: Value;
}

/** A finding with the resource it is about. */
export interface Finding {
  readonly address: string;
  readonly sentence: Phrase;
}

/** All that a careful reviewer asks of one plan. */
export interface Review {
  /** Of the plan: its stack. */
  readonly name: string;
  readonly terraformVersion?: string;
  readonly counts: Counts;
  readonly resources: readonly ReviewedResource[];
  readonly access: readonly AccessChange[];
  /** Ways in that are new for the whole internet. */
  readonly openings: readonly Finding[];
  /** Protection that is taken away. */
  readonly protections: readonly Finding[];
  readonly outputs: readonly ReviewedOutput[];
  readonly drift: readonly Drift[];
  /** Who may do what by what was changed outside Terraform. */
  readonly driftedAccess: readonly AccessChange[];
  /** What must be known of the plan itself: it failed half-way, it leaves something out. */
  readonly warnings: readonly string[];
  /** Whether Terraform could make no whole plan: nothing in it may be relied on. */
  readonly errored: boolean;
  /** Addresses of guarded resources that are destroyed and that nobody has allowed. */
  readonly blocked: readonly string[];
}

export interface ReviewOptions {
  /** Of the plan: its stack. */
  readonly name: string;
  /** Addresses of guarded resources that may be destroyed; `NAME:ADDRESS` for those of one plan alone. @default none */
  readonly allowDestroy?: readonly string[];
}

const labels = ["bucket", "function_name", "family", "name", "key", "description"];
const labelOf = (fields: Fields): string | undefined =>
  labels.map((key) => textOf(fields, key)).find((text) => text !== undefined);

const reviewResource = (
  resource: ResourceChange,
  { name: plan, allowDestroy = [] }: ReviewOptions,
  configured: Configured,
): ReviewedResource => {
  const { address, type, deposed, change, action_reason: why, previous_address: movedFrom } = resource;
  const action = actionOf(change.actions);
  const before = fieldsOf(change.before, change.before_sensitive);
  const after = fieldsOf(change.after, change.after_sensitive, change.after_unknown);
  const name = labelOf(action === "create" ? after : before);
  // The attribute that forces it says the same more exactly.
  const reason = change.replace_paths === undefined ? reasonInWords(why) : undefined;
  const order = orderOf(change.actions);
  const lost = change.actions.includes("delete") ? statefulness(type, before) : undefined;
  return {
    address,
    type,
    action,
    ...(name === undefined ? {} : { name }),
    ...(deposed === undefined ? {} : { deposed }),
    ...(reason === undefined ? {} : { reason }),
    ...(order === undefined ? {} : { order }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(change.importing ? { importedId: change.importing.id ?? "" } : {}),
    attributes:
      action === "update" || action === "replace"
        ? compareAttributes(before, configured.fill(address, after), {
            replacePaths: change.replace_paths ?? [],
            sets: (path) => configured.sets(address, ...path) !== false,
            references: (path) => configured.references(address, ...path),
          })
        : [],
    ...(lost === undefined
      ? {}
      : {
          loses: {
            ...lost,
            allowed: allowDestroy.includes(address) || allowDestroy.includes(`${plan}:${address}`),
          },
        }),
  };
};

const reviewOutput = (name: string, change: Change): ReviewedOutput => {
  const action = actionOf(change.actions);
  const before = markValue(change.before, change.before_sensitive);
  const after = markValue(change.after, change.after_sensitive, change.after_unknown);
  return { name, action, ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) };
};

/**
 * Reviews one plan.
 *
 * @param plan what `terraform show -json` says of a saved plan
 * @throws NotAPlan
 */
export const reviewPlan = (plan: unknown, options: ReviewOptions): Review => {
  const document = readPlan(plan, options.name);
  const configured = readConfigured(document);
  const changes = document.resource_changes.filter(({ change }) => change.actions.length > 0);
  const resources = changes.map((change) => reviewResource(change, options, configured));
  const sides = changes
    .map(withSides)
    .filter(({ mode, deposed }) => mode !== "data" && deposed === undefined);
  const drifted = new Set(document.resource_drift.map(({ address }) => address));
  const gone = new Set(
    sides.flatMap(({ type, action, before }) =>
      type === "aws_s3_bucket" && action === "delete" ? [textOf(before, "bucket") ?? ""] : [],
    ),
  );
  return {
    name: options.name,
    ...(document.terraform_version === undefined ? {} : { terraformVersion: document.terraform_version }),
    counts: countActions(changes),
    resources: resources.filter(
      ({ action, movedFrom, importedId }) =>
        action !== "none" || movedFrom !== undefined || importedId !== undefined,
    ),
    access: accessChanges(changes.map(withSides), configured),
    openings: sides.flatMap(({ type, address, before, after }) =>
      newOpenings(type, address, before, after, configured).map((sentence) => ({ address, sentence })),
    ),
    // With the bucket itself, what protected it goes as a matter of course.
    protections: sides
      .filter(
        ({ type, action, before }) =>
          type === "aws_s3_bucket" || action !== "delete" || !gone.has(textOf(before, "bucket") ?? ""),
      )
      .flatMap(({ type, address, before, after, action }) =>
        lostProtections(
          type,
          address,
          before,
          action === "delete" ? undefined : action === "forget" ? before : after,
        ).map((sentence) => ({ address, sentence })),
      ),
    outputs: Object.entries(document.output_changes)
      .map(([name, change]) => reviewOutput(name, change))
      .filter(({ action }) => action !== "none"),
    drift: driftOf(document, configured),
    driftedAccess: driftedAccess(
      document.resource_drift.map(withSides).filter(({ mode }) => mode !== "data"),
      changes.map(withSides).filter(({ address }) => !drifted.has(address)),
      configured,
    ),
    warnings: [
      ...(document.errored ? ["Planning failed half-way: this plan cannot be applied."] : []),
      ...(document.deferred_changes.length > 0
        ? [`${document.deferred_changes.length} changes are deferred to a later plan.`]
        : []),
      ...(!document.complete && !document.errored
        ? ["The plan is partial (-target, or deferred changes): after it another plan is due."]
        : []),
    ],
    errored: document.errored,
    blocked: resources
      .filter(({ loses }) => loses?.guarded === true && !loses.allowed)
      .map(({ address }) => address),
  };
};
