import { knowsNoResource } from "../../policy/actions-without-resource.ts";
import { capitalised, code, enumerate, type Phrase } from "../phrase.ts";
import { type AccessGroup, namesResources } from "./difference.ts";
import { conditionsInWords, principalsInWords, subjectsInWords } from "./words.ts";

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

/** What came, or went, in sentences. */
export const changesOf = (groups: readonly AccessGroup[], came: boolean): readonly AccessChange[] =>
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
