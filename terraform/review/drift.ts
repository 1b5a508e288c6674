import { classifyAction } from "./action.ts";
import { type AttributeChange, compareAttributes } from "./attributes.ts";
import { type PlanConfiguration, toFields, toResourceSides } from "./plan-configuration.ts";
import type { PlanDocument, ResourceChange } from "./plan-document.ts";
import {
  type Fields,
  getBlocks,
  getField,
  getText,
  getTexts,
  isList,
  UnknownValue,
  type Value,
} from "./value.ts";

/** A resource that was changed outside Terraform. */
export interface Drift {
  readonly address: string;
  /** `deleted` if the resource no longer exists. */
  readonly kind: "changed" | "deleted" | "moved";
  /** Changed attributes that the configuration sets, and additional policies of roles. */
  readonly attributes: readonly AttributeChange[];
  /** Changed attributes that AWS or another resource sets; rarely a manual change. */
  readonly unmanagedAttributes: readonly AttributeChange[];
  /** How the plan handles the drift. */
  readonly plannedAction: "reverted" | "recreated" | "accepted";
}

/** Finds the names of a role's policies that resources of the plan define. */
const findOwnPolicies = (changes: readonly ResourceChange[], role: string): ReadonlySet<string> =>
  new Set(
    changes.flatMap(({ type, change }) => {
      const [before, after] = [
        toFields(change.before, change.before_sensitive),
        toFields(change.after, change.after_sensitive, change.after_unknown),
      ];
      return [before, after].flatMap((fields) =>
        getText(fields, "role") !== role
          ? []
          : type === "aws_iam_role_policy"
            ? getTexts(fields, "name")
            : type === "aws_iam_role_policy_attachment"
              ? getTexts(fields, "policy_arn")
              : [],
      );
    }),
  );

/** Removes the policies that resources of the plan define from a role's lists. */
const removeOwnPolicies = (fields: Fields, ownPolicyNames: ReadonlySet<string>): Fields => {
  const inline = getBlocks(fields, "inline_policy").filter(
    (policy) => !ownPolicyNames.has(getText(policy, "name") ?? ""),
  );
  const managed = getField(fields, "managed_policy_arns");
  const otherPolicies: readonly Value[] = isList(managed)
    ? managed.filter((arn) => typeof arn !== "string" || !ownPolicyNames.has(arn))
    : [];
  return { ...fields, inline_policy: inline, managed_policy_arns: otherPolicies };
};

const rolePolicies = /^(?:inline_policy|managed_policy_arns)\b/;

const getTopAttribute = ({ path }: AttributeChange): string => /^[\w-]+/.exec(path)?.[0] ?? path;

/** Finds the attributes that the plan updates. */
const findPlannedAttributes = (plannedAction: ResourceChange | undefined): ReadonlySet<string> => {
  if (plannedAction === undefined) return new Set();
  const { action, before, after } = toResourceSides(plannedAction);
  // Only an update reverts attributes.
  if (action !== "update") return new Set();
  return new Set(
    compareAttributes(before, after)
      .filter((attribute) => !(attribute.after instanceof UnknownValue))
      .map(getTopAttribute),
  );
};

const reviewDrift = (
  drifted: ResourceChange,
  plan: PlanDocument,
  configuration: PlanConfiguration,
): Drift => {
  const { address, type, change } = drifted;
  const ownPolicyNames =
    type === "aws_iam_role"
      ? findOwnPolicies(
          plan.resource_changes,
          getText(toFields(change.before, change.before_sensitive), "name") ?? "",
        )
      : undefined;
  const readFields = (value: unknown, sensitive: unknown): Fields => {
    const fields = toFields(value, sensitive);
    return ownPolicyNames === undefined ? fields : removeOwnPolicies(fields, ownPolicyNames);
  };
  const attributes = compareAttributes(
    readFields(change.before, change.before_sensitive),
    readFields(change.after, change.after_sensitive),
  );
  const plannedAction = plan.resource_changes.find(
    (other) => other.address === address && other.deposed === undefined,
  );
  const plannedAttributes = findPlannedAttributes(plannedAction);
  const isSet = (attribute: AttributeChange): boolean => {
    const top = getTopAttribute(attribute);
    return (
      configuration.isSet(address, top) !== false ||
      // A default that the plan restores was changed manually.
      plannedAttributes.has(top) ||
      (ownPolicyNames !== undefined && rolePolicies.test(attribute.path))
    );
  };
  const isDeleted = classifyAction(change.actions) === "delete";
  const action = plannedAction === undefined ? "none" : classifyAction(plannedAction.change.actions);
  return {
    address,
    kind: isDeleted ? "deleted" : classifyAction(change.actions) === "none" ? "moved" : "changed",
    attributes: isDeleted ? [] : attributes.filter(isSet),
    unmanagedAttributes: isDeleted ? [] : attributes.filter((one) => !isSet(one)),
    plannedAction:
      action === "create" || action === "replace"
        ? "recreated"
        : attributes.some((attribute) => plannedAttributes.has(getTopAttribute(attribute)))
          ? "reverted"
          : "accepted",
  };
};

/**
 * Finds the resources changed outside Terraform since the last apply. Attributes that only reflect another resource of
 * the same state are listed in `unmanagedAttributes`, or left out.
 */
export const findDrift = (plan: PlanDocument, configuration: PlanConfiguration): readonly Drift[] =>
  plan.resource_drift
    .filter(({ mode }) => mode !== "data")
    .map((drifted) => reviewDrift(drifted, plan, configuration))
    .filter(
      ({ kind, attributes, unmanagedAttributes }) =>
        kind !== "changed" || attributes.length + unmanagedAttributes.length > 0,
    );
