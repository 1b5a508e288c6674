import type { Holdings, Subject } from "./holdings.ts";
import type { Grant, Principal } from "./policy.ts";

/** A grant, whose it is, and which resources of the plan say so. */
interface Held {
  readonly subject: Subject;
  readonly grant: Grant;
  readonly addresses: Set<string>;
}

/** Grants that came or went and differ in one thing alone, as one. */
export interface AccessGroup {
  readonly side: Subject["side"];
  readonly noun: string;
  /** Whose policy it is, or what it is about. */
  readonly names: readonly string[];
  /** None in a policy of an identity. */
  readonly principals: readonly Principal[];
  readonly grant: Pick<Grant, "effect" | "conditions" | "exceptActions" | "exceptResources">;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly addresses: readonly string[];
}

/** Whether a grant in a policy of a resource says itself, by ARN, what it is about. */
export const namesResources = ({ side, resources }: Pick<AccessGroup, "side" | "resources">): boolean =>
  side === "resource" && !resources.includes("") && !resources.includes("*");

const keyOf = (subject: Subject, { action, principal, ...rest }: Grant): string =>
  // IAM reads actions in any case.
  JSON.stringify([
    subject.side,
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

/** What all resources of one side of a plan hold together. */
export type Side = Map<string, Held>;

/** Adds what a resource holds to a side. */
export const addHoldings = (side: Side, address: string, holdings: readonly Holdings[]): void => {
  for (const { subject, grants = [] } of holdings)
    for (const grant of grants) {
      const key = keyOf(subject, grant);
      const held = side.get(key) ?? { subject, grant, addresses: new Set() };
      held.addresses.add(address);
      side.set(key, held);
    }
};

const merge = <Item>(
  items: readonly Item[],
  key: (item: Item) => unknown,
  join: (items: readonly [Item, ...Item[]]) => Item,
): readonly Item[] => {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const name = JSON.stringify(key(item));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups.values()].map(join);
};
const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();

/** Puts grants together again: by actions, resources, principals, and last by whose they are. */
const regroup = (held: readonly Held[]): readonly AccessGroup[] => {
  let groups: readonly AccessGroup[] = held.map(
    ({ subject: { side, noun, name }, grant: { action, resource, principal, ...grant }, addresses }) => ({
      side,
      noun,
      names: [name],
      principals: principal === undefined ? [] : [principal],
      grant,
      actions: [action],
      resources: [resource],
      addresses: [...addresses],
    }),
  );
  const together = (key: (group: AccessGroup) => unknown): void => {
    groups = merge(groups, key, (same) => ({
      ...same[0],
      names: union(same.map(({ names }) => names)),
      principals: [
        ...new Map(
          same.flatMap(({ principals }) => principals).map((one) => [JSON.stringify(one), one]),
        ).values(),
      ],
      actions: union(same.map(({ actions }) => actions)),
      resources: union(same.map(({ resources }) => resources)),
      addresses: union(same.map(({ addresses }) => addresses)),
    }));
  };
  together(({ side, noun, names, principals, grant, resources }) => [
    side,
    noun,
    names,
    principals,
    grant,
    resources,
  ]);
  together(({ side, noun, names, principals, grant, actions }) => [
    side,
    noun,
    names,
    principals,
    grant,
    actions,
  ]);
  together(({ side, noun, names, grant, actions, resources }) => [
    side,
    noun,
    names,
    grant,
    actions,
    resources,
  ]);
  together((group) => {
    const { side, noun, principals, grant, actions, resources } = group;
    return [side, noun, principals, grant, actions, namesResources(group) ? [] : resources];
  });
  return groups;
};

/** What is held afterwards and was not before, whichever resource says so. */
export const differenceOf = (
  before: Side,
  after: Side,
): { readonly came: readonly AccessGroup[]; readonly went: readonly AccessGroup[] } => ({
  came: regroup([...after].flatMap(([key, held]) => (before.has(key) ? [] : [held]))),
  went: regroup([...before].flatMap(([key, held]) => (after.has(key) ? [] : [held]))),
});
