import { code } from "../phrase.ts";
import type { Configured, Sides } from "../references.ts";
import { attachmentChanges, boundaryChanges } from "./attachments.ts";
import { addHoldings, differenceOf, type Side } from "./difference.ts";
import { holdingsOf } from "./holdings.ts";
import { type AccessChange, changesOf } from "./sentences.ts";

const sideOf = (resources: readonly Sides[], side: "before" | "after", configured: Configured): Side => {
  const held: Side = new Map();
  for (const resource of resources)
    addHoldings(
      held,
      resource.address,
      holdingsOf(resource.type, resource.address, resource[side], configured),
    );
  return held;
};

const unreadChange = (
  { type, address, action, after }: Sides,
  configured: Configured,
): AccessChange | undefined => {
  const unread = holdingsOf(type, address, after, configured).find(({ grants }) => grants === undefined);
  if (unread === undefined || action === "none") return undefined;
  const { noun, name } = unread.subject;
  return {
    kind: "unread",
    sentence: ["The policy of ", noun, " ", code(name), " ", ...(unread.unread ?? [])],
    wide: [],
    addresses: [address],
  };
};

const kinds: readonly AccessChange["kind"][] = [
  "allowed",
  "no-longer-denied",
  "unread",
  "no-longer-allowed",
  "denied",
];

/** What reaches furthest first, then what is allowed before what is taken. */
const sortChanges = (changes: readonly AccessChange[]): readonly AccessChange[] =>
  [...changes].sort(
    (one, other) =>
      Number(other.wide.length > 0) - Number(one.wide.length > 0) ||
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind),
  );

/**
 * Who may do what after the plan that could not before, and who no longer may. The whole plan is compared: a
 * permission that only moves from one policy of a role to another is no change.
 */
export const accessChanges = (
  resources: readonly Sides[],
  configured: Configured,
): readonly AccessChange[] => {
  const managed = resources.filter(({ mode, deposed }) => mode !== "data" && deposed === undefined);
  const unread = new Map(
    managed.flatMap((resource) => {
      const change = unreadChange(resource, configured);
      return change === undefined ? [] : [[resource.address, change] as const];
    }),
  );
  // What is not known yet is not taken for gone.
  const readable = managed.filter(({ address }) => !unread.has(address));
  const { came, went } = differenceOf(
    sideOf(readable, "before", configured),
    sideOf(managed, "after", configured),
  );
  return sortChanges([
    ...changesOf(came, true),
    ...changesOf(went, false),
    ...managed.flatMap((resource) => [
      ...attachmentChanges(resource, configured),
      ...boundaryChanges(resource, configured),
    ]),
    ...unread.values(),
  ]);
};

/**
 * Who may do what because somebody changed it outside Terraform: less what resources that were left alone account
 * for, e.g. a policy that a role lists since the last apply made it.
 */
export const driftedAccess = (
  drifted: readonly Sides[],
  untouched: readonly Sides[],
  configured: Configured,
): readonly AccessChange[] => {
  const everything: Configured = { ...configured, sets: () => true };
  const own = sideOf(untouched, "before", configured);
  const { came, went } = differenceOf(
    new Map([...sideOf(drifted, "before", everything), ...own]),
    new Map([...sideOf(drifted, "after", everything), ...own]),
  );
  return sortChanges([
    ...changesOf(came, true),
    ...changesOf(went, false),
    ...drifted.flatMap((resource) => boundaryChanges(resource, configured)),
  ]);
};
