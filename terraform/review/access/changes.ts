import { code } from "../phrase.ts";
import type { PlanConfiguration, ResourceSides } from "../plan-configuration.ts";
import { type AccessChange, describeChanges } from "./access-change.ts";
import { compareAttachments, compareBoundaries } from "./attachments.ts";
import { addGrants, diffGrants, type GrantMap } from "./grant-diff.ts";
import { findPolicyGrants } from "./policy-grants.ts";

const collectGrants = (
  resources: readonly ResourceSides[],
  side: "before" | "after",
  configuration: PlanConfiguration,
): GrantMap => {
  const grants: GrantMap = new Map();
  for (const resource of resources)
    addGrants(
      grants,
      resource.address,
      findPolicyGrants(resource.type, resource.address, resource[side], configuration),
    );
  return grants;
};

const describeUnknownPolicy = (
  { type, address, action, after }: ResourceSides,
  configuration: PlanConfiguration,
): AccessChange | undefined => {
  const unknownPolicy = findPolicyGrants(type, address, after, configuration).find(
    ({ grants }) => grants === undefined,
  );
  if (unknownPolicy === undefined || action === "none") return undefined;
  const { noun, name } = unknownPolicy.subject;
  return {
    kind: "unknown",
    sentence: ["The policy of ", noun, " ", code(name), " ", ...(unknownPolicy.unknownReason ?? [])],
    risks: [],
    addresses: [address],
  };
};

const kinds: readonly AccessChange["kind"][] = [
  "allowed",
  "no-longer-denied",
  "unknown",
  "no-longer-allowed",
  "denied",
];

/** Sorts changes: first those with risks, then by kind. */
const sortChanges = (changes: readonly AccessChange[]): readonly AccessChange[] =>
  [...changes].sort(
    (one, other) =>
      Number(other.risks.length > 0) - Number(one.risks.length > 0) ||
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind),
  );

/**
 * Compares access permissions before and after a plan. All resources are compared together: a permission that only moves
 * between two policies of a role is not a change.
 */
export const compareAccess = (
  resources: readonly ResourceSides[],
  configuration: PlanConfiguration,
): readonly AccessChange[] => {
  const managedResources = resources.filter(({ mode, deposed }) => mode !== "data" && deposed === undefined);
  const unknownPolicy = new Map(
    managedResources.flatMap((resource) => {
      const change = describeUnknownPolicy(resource, configuration);
      return change === undefined ? [] : [[resource.address, change] as const];
    }),
  );
  // Unknown policies do not count as removed.
  const knownResources = managedResources.filter(({ address }) => !unknownPolicy.has(address));
  const { added, removed } = diffGrants(
    collectGrants(knownResources, "before", configuration),
    collectGrants(managedResources, "after", configuration),
  );
  return sortChanges([
    ...describeChanges(added, true),
    ...describeChanges(removed, false),
    ...managedResources.flatMap((resource) => [
      ...compareAttachments(resource, configuration),
      ...compareBoundaries(resource, configuration),
    ]),
    ...unknownPolicy.values(),
  ]);
};

/**
 * Compares access permissions changed outside Terraform. Grants that come from unchanged resources are left out, e.g. a
 * policy from the last apply that a role now lists.
 */
export const compareDriftedAccess = (
  driftedResources: readonly ResourceSides[],
  unchangedResources: readonly ResourceSides[],
  configuration: PlanConfiguration,
): readonly AccessChange[] => {
  const fullConfiguration: PlanConfiguration = { ...configuration, isSet: () => true };
  const unchangedGrants = collectGrants(unchangedResources, "before", configuration);
  const { added, removed } = diffGrants(
    new Map([...collectGrants(driftedResources, "before", fullConfiguration), ...unchangedGrants]),
    new Map([...collectGrants(driftedResources, "after", fullConfiguration), ...unchangedGrants]),
  );
  return sortChanges([
    ...describeChanges(added, true),
    ...describeChanges(removed, false),
    ...driftedResources.flatMap((resource) => compareBoundaries(resource, configuration)),
  ]);
};
