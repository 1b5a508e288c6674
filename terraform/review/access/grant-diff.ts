import type { Grant, Principal } from "./policy.ts";
import type { PolicyGrants, Subject } from "./policy-grants.ts";

/** A grant, its subject, and the resources of the plan with it. */
interface GrantEntry {
  readonly subject: Subject;
  readonly grant: Grant;
  readonly addresses: Set<string>;
}

/** Added or removed grants that are shown as one. */
export interface GrantGroup {
  readonly side: Subject["policyKind"];
  readonly noun: string;
  /** Names of the subjects. */
  readonly names: readonly string[];
  /** Empty for identity-based policies. */
  readonly principals: readonly Principal[];
  readonly grant: Pick<Grant, "effect" | "conditions" | "exceptActions" | "exceptResources">;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly addresses: readonly string[];
}

/** Whether a grant in a resource-based policy names its resources by ARN. */
export const hasNamedResources = ({ side, resources }: Pick<GrantGroup, "side" | "resources">): boolean =>
  side === "resource" && !resources.includes("") && !resources.includes("*");

const getGrantKey = (subject: Subject, { action, principal, ...rest }: Grant): string =>
  // IAM actions are case-insensitive.
  JSON.stringify([
    subject.policyKind,
    subject.noun,
    subject.name,
    action.toLowerCase(),
    principal ?? null,
    rest.effect,
    rest.exceptActions,
    rest.resource,
    rest.exceptResources,
    rest.conditions,
  ]);

/** The grants of all resources on one side of a plan, by key. */
export type GrantMap = Map<string, GrantEntry>;

/** Adds the grants of a resource. */
export const addGrants = (grantMap: GrantMap, address: string, policies: readonly PolicyGrants[]): void => {
  for (const { subject, grants = [] } of policies)
    for (const grant of grants) {
      const key = getGrantKey(subject, grant);
      const entry = grantMap.get(key) ?? { subject, grant, addresses: new Set() };
      entry.addresses.add(address);
      grantMap.set(key, entry);
    }
};

const merge = <Item>(
  items: readonly Item[],
  key: (item: Item) => unknown,
  combine: (items: readonly [Item, ...Item[]]) => Item,
): readonly Item[] => {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const name = JSON.stringify(key(item));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups.values()].map(combine);
};
const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();

/** Groups grants by actions, then by resources, principals and subjects. */
const groupGrants = (entry: readonly GrantEntry[]): readonly GrantGroup[] => {
  let groups: readonly GrantGroup[] = entry.map(
    ({
      subject: { policyKind, noun, name },
      grant: { action, resource, principal, ...grant },
      addresses,
    }) => ({
      side: policyKind,
      noun,
      names: [name],
      principals: principal === undefined ? [] : [principal],
      grant,
      actions: [action],
      resources: [resource],
      addresses: [...addresses],
    }),
  );
  const mergeBy = (key: (group: GrantGroup) => unknown): void => {
    groups = merge(groups, key, (group) => ({
      ...group[0],
      names: union(group.map(({ names }) => names)),
      principals: [
        ...new Map(
          group.flatMap(({ principals }) => principals).map((one) => [JSON.stringify(one), one]),
        ).values(),
      ],
      actions: union(group.map(({ actions }) => actions)),
      resources: union(group.map(({ resources }) => resources)),
      addresses: union(group.map(({ addresses }) => addresses)),
    }));
  };
  mergeBy(({ side, noun, names, principals, grant, resources }) => [
    side,
    noun,
    names,
    principals,
    grant,
    resources,
  ]);
  mergeBy(({ side, noun, names, principals, grant, actions }) => [
    side,
    noun,
    names,
    principals,
    grant,
    actions,
  ]);
  mergeBy(({ side, noun, names, grant, actions, resources }) => [
    side,
    noun,
    names,
    grant,
    actions,
    resources,
  ]);
  mergeBy((group) => {
    const { side, noun, principals, grant, actions, resources } = group;
    return [side, noun, principals, grant, actions, hasNamedResources(group) ? [] : resources];
  });
  return groups;
};

/** Compares the grants before and after, whichever resource they come from. */
export const diffGrants = (
  before: GrantMap,
  after: GrantMap,
): { readonly added: readonly GrantGroup[]; readonly removed: readonly GrantGroup[] } => ({
  added: groupGrants([...after].flatMap(([key, entry]) => (before.has(key) ? [] : [entry]))),
  removed: groupGrants([...before].flatMap(([key, entry]) => (after.has(key) ? [] : [entry]))),
});
