import { isWildcardOnly } from "../../policy/wildcard-only-actions.ts";
import { capitalise, code, enumerate, type Phrase } from "../phrase.ts";
import { type GrantGroup, hasNamedResources } from "./grant-diff.ts";
import { renderConditions, renderPrincipals, renderSubjects } from "./render-terms.ts";

/** One change of access permissions. */
export interface AccessChange {
  /** `unknown` if the policy is known after apply or sensitive. */
  readonly kind: "allowed" | "no-longer-allowed" | "denied" | "no-longer-denied" | "unknown";
  readonly sentence: Phrase;
  /** Reasons for a closer look, e.g. "every action", "every resource". */
  readonly risks: readonly string[];
  /** Addresses of the resources with the policy. */
  readonly addresses: readonly string[];
}
type KnownChangeKind = Exclude<AccessChange["kind"], "unknown">;

const adverbs: Readonly<Record<KnownChangeKind, string>> = {
  allowed: "now",
  "no-longer-allowed": "no longer",
  denied: "now",
  "no-longer-denied": "no longer",
};
const chooseVerb = (kind: KnownChangeKind, { side, names, principals }: GrantGroup): string => {
  const isPlural = principals.length > 1 || (principals.length === 0 && names.length > 1);
  const isDenial = kind === "denied" || kind === "no-longer-denied";
  const adverb = adverbs[kind];
  // A policy grants nothing by itself; it must be attached, or be a boundary.
  if (side === "policy") {
    const verb = isDenial ? (isPlural ? "deny" : "denies") : isPlural ? "allow" : "allows";
    return `${adverb} ${verb}`;
  }
  return isDenial ? `${isPlural ? "are" : "is"} ${adverb} denied` : `may ${adverb}`;
};

const renderActions = (actions: readonly string[], except: readonly string[]): Phrase => {
  if (except.length > 0) return ["do everything except ", ...enumerate(except.map(code))];
  if (actions.includes("*")) return ["do everything"];
  return enumerate(actions.map(code));
};
/** Shows a single reference without its braces. */
const renderResource = (resource: string) => code(/^\$\{([^{}]+)\}$/.exec(resource)?.[1] ?? resource);
const renderResources = (resources: readonly string[], except: readonly string[]): Phrase => {
  if (except.length > 0) return ["everything except ", ...enumerate(except.map(code))];
  if (resources.includes("*")) return ["every resource"];
  return enumerate(resources.map(renderResource));
};

const assumeRolePattern = /^sts:AssumeRole/i;

const renderSentence = (kind: KnownChangeKind, group: GrantGroup): Phrase => {
  const { side, noun, names, principals, grant, actions, resources } = group;
  const conditions = renderConditions(grant.conditions);
  const what = renderActions(actions, grant.exceptActions);
  const about = renderSubjects(noun, names);
  const who = principals.length === 0 ? about : renderPrincipals(principals);
  if (side === "trust" && actions.some((action) => assumeRolePattern.test(action))) {
    const adverb = adverbs[kind];
    const denied = kind === "denied" ? " not" : "";
    const rest = actions.filter((action) => !assumeRolePattern.test(action));
    return capitalise([
      ...about,
      kind === "no-longer-denied"
        ? ` ${names.length > 1 ? "are" : "is"} no longer prevented from being assumed by `
        : ` may ${adverb}${denied} be assumed by `,
      ...who,
      ...(rest.length === 0 ? [] : [", with ", ...enumerate(rest.map(code))]),
      ...conditions,
    ]);
  }
  const isOwnResource = (side === "resource" || side === "trust") && !hasNamedResources(group);
  const on = isOwnResource ? about : renderResources(resources, grant.exceptResources);
  const through: Phrase = noun === "VPC endpoint" && !isOwnResource ? [" through ", ...about] : [];
  return capitalise([
    ...who,
    ` ${chooseVerb(kind, group)} `,
    ...what,
    " on ",
    ...on,
    ...through,
    ...conditions,
  ]);
};

const servicePattern = /^([\w-]+):\*$/;

/** Finds what makes a grant wider than a named action on a named resource. */
const findRisks = ({ side, principals, grant, actions, resources }: GrantGroup): readonly string[] => {
  const services = actions.flatMap((action) => servicePattern.exec(action)?.[1] ?? []);
  const isEveryResource =
    (side === "identity" || side === "policy") && resources.includes("*") && !actions.every(isWildcardOnly);
  return [
    ...(actions.includes("*") ? ["every action"] : []),
    ...(services.length === 0
      ? []
      : [
          services.length > 3
            ? `every action of ${services.length} services`
            : `every ${services.join(" and ")} action`,
        ]),
    ...(isEveryResource ? ["every resource"] : []),
    ...(principals.some(({ kind }) => kind === "anyone" || kind === "except")
      ? [grant.conditions.length === 0 ? "anyone" : "anyone who meets the condition"]
      : []),
  ];
};

/** Describes added or removed grants in sentences. */
export const describeChanges = (groups: readonly GrantGroup[], isAdded: boolean): readonly AccessChange[] =>
  groups.map((group) => {
    const isAllow = group.grant.effect === "Allow";
    const kind = isAdded
      ? isAllow
        ? "allowed"
        : "denied"
      : isAllow
        ? "no-longer-allowed"
        : "no-longer-denied";
    // An added denial and a removed permission do not widen access.
    const isWidening = kind === "allowed" || kind === "no-longer-denied";
    return {
      kind,
      sentence: renderSentence(kind, group),
      risks: isWidening ? findRisks(group) : [],
      addresses: group.addresses,
    };
  });
