import type { AccessChange } from "./access/access-change.ts";
import { compareAccess, compareDriftedAccess } from "./access/changes.ts";
import {
  type Action,
  type ActionCounts,
  classifyAction,
  countActions,
  describeReason,
  describeReplacementOrder,
} from "./action.ts";
import { type AttributeChange, compareAttributes } from "./attributes.ts";
import { describeDataLoss } from "./data-loss.ts";
import { type Drift, findDrift } from "./drift.ts";
import { findNewExposures } from "./exposure.ts";
import type { Phrase } from "./phrase.ts";
import {
  type PlanConfiguration,
  readPlanConfiguration,
  toFields,
  toResourceSides,
} from "./plan-configuration.ts";
import { type Change, parsePlan, type ResourceChange } from "./plan-document.ts";
import { findLostProtections } from "./protection.ts";
import { applyMarks, type Fields, getText, type Value } from "./value.ts";

/** The review of one resource. */
export interface ReviewedResource {
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Name on AWS, if known. */
  readonly name?: string;
  /** Key of a deposed object. */
  readonly deposed?: string;
  /** Reason of the action. */
  readonly reason?: string;
  /** Order of a replacement. */
  readonly order?: string;
  readonly movedFrom?: string;
  /** Id on AWS of an imported resource. */
  readonly importedId?: string;
  /** Changed attributes of an update or a replacement. */
  readonly attributes: readonly AttributeChange[];
  /** Data loss if the resource is destroyed. */
  readonly dataLoss?: {
    readonly consequence: string;
    /** Whether --allow-destroy is required. */
    readonly isGuarded: boolean;
    readonly isAllowed: boolean;
  };
}

/** An output whose value changes. */
export interface ReviewedOutput {
  readonly name: string;
  readonly action: Action;
  readonly before?: Value;
  readonly after?: Value;
}

/** A finding about a resource. */
export interface Finding {
  readonly address: string;
  readonly sentence: Phrase;
}

/** The review of one plan. */
export interface Review {
  /** Name of the plan, i.e. its stack. */
  readonly name: string;
  readonly terraformVersion?: string;
  readonly counts: ActionCounts;
  readonly resources: readonly ReviewedResource[];
  readonly access: readonly AccessChange[];
  /** New exposures to the internet. */
  readonly exposures: readonly Finding[];
  /** Removed protections. */
  readonly lostProtections: readonly Finding[];
  readonly outputs: readonly ReviewedOutput[];
  readonly drift: readonly Drift[];
  /** Changes of access permissions outside Terraform. */
  readonly accessDrift: readonly AccessChange[];
  /** Warnings about the plan itself, e.g. that it is incomplete. */
  readonly warnings: readonly string[];
  /** Whether planning failed, so the plan is incomplete. */
  readonly errored: boolean;
  /** Addresses of guarded resources that are destroyed without --allow-destroy. */
  readonly blockedAddresses: readonly string[];
}

/** Options of `reviewPlan`. */
export interface ReviewOptions {
  /** Name of the plan, i.e. its stack. */
  readonly name: string;
  /** Addresses of guarded resources that may be destroyed; `NAME:ADDRESS` for one plan only. @default none */
  readonly allowDestroy?: readonly string[];
}

const labelAttributes = ["bucket", "function_name", "family", "name", "key", "description"];
const findLabel = (fields: Fields): string | undefined =>
  labelAttributes.map((key) => getText(fields, key)).find((text) => text !== undefined);

const reviewResource = (
  resource: ResourceChange,
  { name: plan, allowDestroy = [] }: ReviewOptions,
  configuration: PlanConfiguration,
): ReviewedResource => {
  const {
    address,
    type,
    deposed,
    change,
    action_reason: actionReason,
    previous_address: movedFrom,
  } = resource;
  const action = classifyAction(change.actions);
  const before = toFields(change.before, change.before_sensitive);
  const after = toFields(change.after, change.after_sensitive, change.after_unknown);
  const name = findLabel(action === "create" ? after : before);
  // The attribute that forces the replacement is more specific.
  const reason = change.replace_paths === undefined ? describeReason(actionReason) : undefined;
  const order = describeReplacementOrder(change.actions);
  const dataLoss = change.actions.includes("delete") ? describeDataLoss(type, before) : undefined;
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
        ? compareAttributes(before, configuration.fillKnownText(address, after), {
            replacePaths: change.replace_paths ?? [],
            isSet: (path) => configuration.isSet(address, ...path) !== false,
            references: (path) => configuration.references(address, ...path),
          })
        : [],
    ...(dataLoss === undefined
      ? {}
      : {
          dataLoss: {
            ...dataLoss,
            isAllowed: allowDestroy.includes(address) || allowDestroy.includes(`${plan}:${address}`),
          },
        }),
  };
};

const reviewOutput = (name: string, change: Change): ReviewedOutput => {
  const action = classifyAction(change.actions);
  const before = applyMarks(change.before, change.before_sensitive);
  const after = applyMarks(change.after, change.after_sensitive, change.after_unknown);
  return { name, action, ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) };
};

/**
 * Reviews one plan.
 *
 * @param plan output of `terraform show -json` for a saved plan
 * @throws PlanFormatError
 */
export const reviewPlan = (plan: unknown, options: ReviewOptions): Review => {
  const document = parsePlan(plan, options.name);
  const configuration = readPlanConfiguration(document);
  const changes = document.resource_changes.filter(({ change }) => change.actions.length > 0);
  const resources = changes.map((change) => reviewResource(change, options, configuration));
  const resourceSides = changes
    .map(toResourceSides)
    .filter(({ mode, deposed }) => mode !== "data" && deposed === undefined);
  const driftedAddresses = new Set(document.resource_drift.map(({ address }) => address));
  const deletedBuckets = new Set(
    resourceSides.flatMap(({ type, action, before }) =>
      type === "aws_s3_bucket" && action === "delete" ? [getText(before, "bucket") ?? ""] : [],
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
    access: compareAccess(changes.map(toResourceSides), configuration),
    exposures: resourceSides.flatMap(({ type, address, before, after }) =>
      findNewExposures(type, address, before, after, configuration).map((sentence) => ({
        address,
        sentence,
      })),
    ),
    // The protections of a deleted bucket are not reported separately.
    lostProtections: resourceSides
      .filter(
        ({ type, action, before }) =>
          type === "aws_s3_bucket" ||
          action !== "delete" ||
          !deletedBuckets.has(getText(before, "bucket") ?? ""),
      )
      .flatMap(({ type, address, before, after, action }) =>
        findLostProtections(
          type,
          address,
          before,
          action === "delete" ? undefined : action === "forget" ? before : after,
        ).map((sentence) => ({ address, sentence })),
      ),
    outputs: Object.entries(document.output_changes)
      .map(([name, change]) => reviewOutput(name, change))
      .filter(({ action }) => action !== "none"),
    drift: findDrift(document, configuration),
    accessDrift: compareDriftedAccess(
      document.resource_drift.map(toResourceSides).filter(({ mode }) => mode !== "data"),
      changes.map(toResourceSides).filter(({ address }) => !driftedAddresses.has(address)),
      configuration,
    ),
    warnings: [
      ...(document.errored ? ["Planning failed: this plan is incomplete and cannot be applied."] : []),
      ...(document.deferred_changes.length > 0
        ? [`${document.deferred_changes.length} changes are deferred to a later plan.`]
        : []),
      ...(!document.complete && !document.errored
        ? ["The plan is partial (-target or deferred changes): plan again after applying it."]
        : []),
    ],
    errored: document.errored,
    blockedAddresses: resources
      .filter(({ dataLoss }) => dataLoss?.isGuarded === true && !dataLoss.isAllowed)
      .map(({ address }) => address),
  };
};
