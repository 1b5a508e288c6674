import type { Holdings, Subject } from "./holdings.ts";
import type { Grant } from "./policy.ts";

/** A grant, whose it is, and which resources of the plan say so. */
interface Held {
  readonly subject: Subject;
  readonly grant: Grant;
  readonly addresses: Set<string>;
}

/** Grants that came or went and differ in action and resource alone, as one. */
export interface AccessGroup {
  readonly subject: Subject;
  readonly grant: Pick<Grant, "effect" | "principal" | "conditions" | "exceptActions" | "exceptResources">;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly addresses: readonly string[];
}

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

/** Puts grants together again: those of the same actions, then those of the same resources. */
const regroup = (held: readonly Held[]): readonly AccessGroup[] => {
  const single = held.map(
    ({ subject, grant: { action, resource, ...grant }, addresses }): AccessGroup => ({
      subject,
      grant,
      actions: [action],
      resources: [resource],
      addresses: [...addresses],
    }),
  );
  const byActions = merge(
    single,
    ({ subject, grant, resources }) => [subject, grant, resources],
    (group) => ({
      ...group[0],
      actions: union(group.map(({ actions }) => actions)),
      addresses: union(group.map(({ addresses }) => addresses)),
    }),
  );
  return merge(
    byActions,
    ({ subject, grant, actions }) => [subject, grant, actions],
    (group) => ({
      ...group[0],
      resources: union(group.map(({ resources }) => resources)),
      addresses: union(group.map(({ addresses }) => addresses)),
    }),
  );
};

/** What is held afterwards and was not before, whichever resource says so. */
export const differenceOf = (
  before: Side,
  after: Side,
): { readonly came: readonly AccessGroup[]; readonly went: readonly AccessGroup[] } => ({
  came: regroup([...after].flatMap(([key, held]) => (before.has(key) ? [] : [held]))),
  went: regroup([...before].flatMap(([key, held]) => (after.has(key) ? [] : [held]))),
});
