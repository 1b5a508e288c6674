import { knowsNoResource } from "../../policy/actions-without-resource.ts";
import { code, enumerate, type Phrase } from "../phrase.ts";
import type { Configured, Sides } from "../references.ts";
import { type Fields, fieldOf, sameValue, textOf, Unknown } from "../value.ts";
import { type AccessGroup, addHoldings, differenceOf, namesResources, type Side } from "./difference.ts";
import { holdingsOf } from "./holdings.ts";
import { conditionsInWords, principalsInWords, shortName, subjectsInWords } from "./words.ts";

/** One thing that changes in who may do what. */
export interface AccessChange {
  /** `allowed`, `no-longer-allowed`, `denied`, `no-longer-denied`; `unread` where the policy cannot be read yet. */
  readonly kind: "allowed" | "no-longer-allowed" | "denied" | "no-longer-denied" | "unread";
  readonly sentence: Phrase;
  /** Why a second look is due: "every action", "every resource", "anyone". */
  readonly wide: readonly string[];
  /** Addresses of the resources that say so. */
  readonly addresses: readonly string[];
}

type Told = Exclude<AccessChange["kind"], "unread">;

const whens: Readonly<Record<Told, string>> = {
  allowed: "now",
  "no-longer-allowed": "no longer",
  denied: "now",
  "no-longer-denied": "no longer",
};
const verbOf = (kind: Told, { side, names, principals }: AccessGroup): string => {
  const several = principals.length > 1 || (principals.length === 0 && names.length > 1);
  const denial = kind === "denied" || kind === "no-longer-denied";
  const when = whens[kind];
  // A policy by itself gives nobody anything: it must be attached, or be a boundary.
  if (side === "policy") {
    const verb = denial ? (several ? "deny" : "denies") : several ? "allow" : "allows";
    return `${when} ${verb}`;
  }
  return denial ? `${several ? "are" : "is"} ${when} denied` : `may ${when}`;
};

const capitalised = (phrase: Phrase): Phrase => {
  const [first, ...rest] = phrase;
  return typeof first === "string" ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : phrase;
};

const actionsInWords = (actions: readonly string[], except: readonly string[]): Phrase => {
  if (except.length > 0) return ["do everything but ", ...enumerate(except.map(code))];
  if (actions.includes("*")) return ["do everything"];
  return enumerate(actions.map(code));
};
/** A reference alone reads better without its braces. */
const bare = (resource: string) => code(/^\$\{([^{}]+)\}$/.exec(resource)?.[1] ?? resource);
const resourcesInWords = (resources: readonly string[], except: readonly string[]): Phrase => {
  if (except.length > 0) return ["everything but ", ...enumerate(except.map(code))];
  if (resources.includes("*")) return ["every resource"];
  return enumerate(resources.map(bare));
};

const assume = /^sts:AssumeRole/i;

const sentenceOf = (kind: Told, group: AccessGroup): Phrase => {
  const { side, noun, names, principals, grant, actions, resources } = group;
  const conditions = conditionsInWords(grant.conditions);
  const what = actionsInWords(actions, grant.exceptActions);
  const about = subjectsInWords(noun, names);
  const who = principals.length === 0 ? about : principalsInWords(principals);
  if (side === "trust" && actions.some((action) => assume.test(action))) {
    const when = whens[kind];
    const denied = kind === "denied" ? " not" : "";
    const rest = actions.filter((action) => !assume.test(action));
    return capitalised([
      ...about,
      kind === "no-longer-denied"
        ? ` ${names.length > 1 ? "are" : "is"} no longer kept from being assumed by `
        : ` may ${when}${denied} be assumed by `,
      ...who,
      ...(rest.length === 0 ? [] : [", with ", ...enumerate(rest.map(code))]),
      ...conditions,
    ]);
  }
  const own = (side === "resource" || side === "trust") && !namesResources(group);
  const on = own ? about : resourcesInWords(resources, grant.exceptResources);
  const through: Phrase = noun === "VPC endpoint" && !own ? [" through ", ...about] : [];
  return capitalised([...who, ` ${verbOf(kind, group)} `, ...what, " on ", ...on, ...through, ...conditions]);
};

const service = /^([\w-]+):\*$/;

/** What in a grant reaches further than a named action on a named resource. */
const widthOf = ({ side, principals, grant, actions, resources }: AccessGroup): readonly string[] => {
  const services = actions.flatMap((action) => service.exec(action)?.[1] ?? []);
  const everyResource =
    (side === "identity" || side === "policy") && resources.includes("*") && !actions.every(knowsNoResource);
  return [
    ...(actions.includes("*") ? ["every action"] : []),
    ...(services.length === 0
      ? []
      : [
          services.length > 3
            ? `every action of ${services.length} services`
            : `every ${services.join(" and ")} action`,
        ]),
    ...(everyResource ? ["every resource"] : []),
    ...(principals.some(({ kind }) => kind === "anyone" || kind === "except")
      ? [grant.conditions.length === 0 ? "anyone at all" : "anyone who meets the condition"]
      : []),
  ];
};

const changesOf = (groups: readonly AccessGroup[], came: boolean): readonly AccessChange[] =>
  groups.map((group) => {
    const allow = group.grant.effect === "Allow";
    const kind = came ? (allow ? "allowed" : "denied") : allow ? "no-longer-allowed" : "no-longer-denied";
    // A wide denial that comes and a wide permission that goes make nothing wider.
    const widens = kind === "allowed" || kind === "no-longer-denied";
    return {
      kind,
      sentence: sentenceOf(kind, group),
      wide: widens ? widthOf(group) : [],
      addresses: group.addresses,
    };
  });

const attachments: Readonly<Record<string, string>> = {
  aws_iam_role_policy_attachment: "role",
  aws_iam_user_policy_attachment: "user",
  aws_iam_group_policy_attachment: "group",
};
const wideManaged = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)$/;

const attachmentChanges = (
  { type, address, before, after }: Sides,
  configured: Configured,
): readonly AccessChange[] => {
  const noun = Object.hasOwn(attachments, type) ? attachments[type] : undefined;
  if (noun === undefined) return [];
  const read = (fields: Fields, attribute: string): string | undefined =>
    textOf(fields, attribute) ??
    (fieldOf(fields, attribute) instanceof Unknown
      ? (configured.references(address, attribute).at(0) ?? "")
      : undefined);
  const [old, now] = [before, after].map((fields) => ({
    who: read(fields, noun),
    policy: read(fields, "policy_arn"),
  }));
  if (old?.who === now?.who && old?.policy === now?.policy) return [];
  const told = (
    kind: "allowed" | "no-longer-allowed",
    verb: string,
    held: { readonly who: string | undefined; readonly policy: string | undefined } | undefined,
  ): readonly AccessChange[] =>
    held?.who === undefined || held.policy === undefined
      ? []
      : [
          {
            kind,
            sentence: capitalised([
              `${noun} `,
              code(shortName(held.who)),
              ` ${verb} policy `,
              code(held.policy),
            ]),
            wide:
              kind === "allowed" && wideManaged.test(held.policy) ? ["a policy of nearly everything"] : [],
            addresses: [address],
          },
        ];
  return [...told("allowed", "now carries", now), ...told("no-longer-allowed", "no longer carries", old)];
};

/** A boundary limits what a role's policies can give it: without it they count in full. */
const boundaryChanges = (
  { type, address, action, before, after }: Sides,
  configured: Configured,
): readonly AccessChange[] => {
  if ((type !== "aws_iam_role" && type !== "aws_iam_user") || action === "delete") return [];
  const [old, now] = [fieldOf(before, "permissions_boundary"), fieldOf(after, "permissions_boundary")];
  if (sameValue(old, now)) return [];
  const boundary =
    typeof now === "string" && now !== ""
      ? now
      : now instanceof Unknown
        ? (configured.references(address, "permissions_boundary").at(0) ?? "")
        : undefined;
  const who: Phrase = [type === "aws_iam_role" ? "Role " : "User ", code(textOf(after, "name") ?? address)];
  return [
    {
      kind: boundary === undefined ? "no-longer-denied" : "denied",
      sentence:
        boundary === undefined
          ? [...who, " loses its permissions boundary ", ...(typeof old === "string" ? [code(old)] : [])]
          : [
              ...who,
              " is now kept within permissions boundary ",
              code(boundary),
              ...(typeof old === "string" && old !== "" ? [" instead of ", code(old)] : []),
            ],
      wide: boundary === undefined ? ["no boundary"] : [],
      addresses: [address],
    },
  ];
};

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
