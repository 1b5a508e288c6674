import { actionOf } from "./action.ts";
import { type AttributeChange, compareAttributes } from "./attributes.ts";
import type { PlanDocument, ResourceChange } from "./plan-document.ts";
import { type Configured, fieldsOf, withSides } from "./references.ts";
import { blocksOf, type Fields, fieldOf, isList, textOf, textsOf, Unknown, type Value } from "./value.ts";

/** A resource that is not as Terraform left it. */
export interface Drift {
  readonly address: string;
  /** `deleted`: it is gone. */
  readonly kind: "changed" | "deleted" | "moved";
  /** In what it was changed: attributes that the configuration sets, and roles' strange policies. */
  readonly attributes: readonly AttributeChange[];
  /** In attributes that the configuration leaves to AWS or to another resource: seldom anybody's deed. */
  readonly unset: readonly AttributeChange[];
  /** What this plan does about it. */
  readonly planned: "put back" | "made again" | "taken as it is";
}

/** Names of policies that resources of this plan give a role: what the role lists besides is a stranger's. */
const ownPolicies = (changes: readonly ResourceChange[], role: string): ReadonlySet<string> =>
  new Set(
    changes.flatMap(({ type, change }) => {
      const [before, after] = [
        fieldsOf(change.before, change.before_sensitive),
        fieldsOf(change.after, change.after_sensitive, change.after_unknown),
      ];
      return [before, after].flatMap((fields) =>
        textOf(fields, "role") !== role
          ? []
          : type === "aws_iam_role_policy"
            ? textsOf(fields, "name")
            : type === "aws_iam_role_policy_attachment"
              ? textsOf(fields, "policy_arn")
              : [],
      );
    }),
  );

/** A role's own lists of policies, less those that the plan's resources account for. */
const withoutOwnPolicies = (fields: Fields, own: ReadonlySet<string>): Fields => {
  const inline = blocksOf(fields, "inline_policy").filter((policy) => !own.has(textOf(policy, "name") ?? ""));
  const managed = fieldOf(fields, "managed_policy_arns");
  const kept: readonly Value[] = isList(managed)
    ? managed.filter((arn) => typeof arn !== "string" || !own.has(arn))
    : [];
  return { ...fields, inline_policy: inline, managed_policy_arns: kept };
};

const rolePolicies = /^(?:inline_policy|managed_policy_arns)\b/;

const topOf = ({ path }: AttributeChange): string => /^[\w-]+/.exec(path)?.[0] ?? path;

/** Attributes in which the plan changes the resource. */
const plannedAttributes = (planned: ResourceChange | undefined): ReadonlySet<string> => {
  if (planned === undefined) return new Set();
  const { action, before, after } = withSides(planned);
  // A new object has every attribute anew: that puts nothing back.
  if (action !== "update") return new Set();
  return new Set(
    compareAttributes(before, after)
      .filter((attribute) => !(attribute.after instanceof Unknown))
      .map(topOf),
  );
};

const reviewDrift = (drifted: ResourceChange, plan: PlanDocument, configured: Configured): Drift => {
  const { address, type, change } = drifted;
  const own =
    type === "aws_iam_role"
      ? ownPolicies(
          plan.resource_changes,
          textOf(fieldsOf(change.before, change.before_sensitive), "name") ?? "",
        )
      : undefined;
  const read = (value: unknown, sensitive: unknown): Fields => {
    const fields = fieldsOf(value, sensitive);
    return own === undefined ? fields : withoutOwnPolicies(fields, own);
  };
  const attributes = compareAttributes(
    read(change.before, change.before_sensitive),
    read(change.after, change.after_sensitive),
  );
  const planned = plan.resource_changes.find(
    (other) => other.address === address && other.deposed === undefined,
  );
  const changed = plannedAttributes(planned);
  const isSet = (attribute: AttributeChange): boolean => {
    const top = topOf(attribute);
    return (
      configured.sets(address, top) !== false ||
      // A default that the plan sets again was somebody's deed.
      changed.has(top) ||
      (own !== undefined && rolePolicies.test(attribute.path))
    );
  };
  const gone = actionOf(change.actions) === "delete";
  const action = planned === undefined ? "none" : actionOf(planned.change.actions);
  return {
    address,
    kind: gone ? "deleted" : actionOf(change.actions) === "none" ? "moved" : "changed",
    attributes: gone ? [] : attributes.filter(isSet),
    unset: gone ? [] : attributes.filter((one) => !isSet(one)),
    planned:
      action === "create" || action === "replace"
        ? "made again"
        : attributes.some((attribute) => changed.has(topOf(attribute)))
          ? "put back"
          : "taken as it is",
  };
};

/**
 * What changed outside Terraform since the last apply. Resources that merely show, at the next look, what another
 * resource of the same state gave them are told in `unset`, or not at all.
 */
export const driftOf = (plan: PlanDocument, configured: Configured): readonly Drift[] =>
  plan.resource_drift
    .filter(({ mode }) => mode !== "data")
    .map((drifted) => reviewDrift(drifted, plan, configured))
    .filter(({ kind, attributes, unset }) => kind !== "changed" || attributes.length + unset.length > 0);
