import { type Estate, readEstate } from "./estate.ts";
import { everyRule } from "./every-rule.ts";
import type { Rule } from "./rule.ts";
import { waivers as everyWaiver, type Waiver } from "./waivers.ts";

/** A block that a rule does not hold for. */
export interface Violation {
  readonly rule: string;
  /** Stack and Terraform address. */
  readonly address: string;
  /** What the rule asks for, and why. */
  readonly what: string;
  readonly why: string;
  readonly wrong: string;
  readonly fix: string;
  readonly part?: string;
}

/** What the rules say of synthesised stacks. */
export interface PolicyReport {
  readonly violations: readonly Violation[];
  readonly waived: readonly (Violation & { readonly reason: string })[];
  /** Waivers that matched nothing, and have no option that explains it. */
  readonly unused: readonly Waiver[];
  /** How many blocks were looked at, and by how many rules. */
  readonly blocks: number;
  readonly rules: number;
}

/** Whether a waiver is meant for a violation. */
export const isWaived = (waiver: Waiver, { rule, address, part }: Violation): boolean =>
  waiver.rule === rule &&
  (waiver.parts === undefined || (part !== undefined && waiver.parts.includes(part))) &&
  new RegExp(
    `^${waiver.address
      .split("*")
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(address);

/** What rules find in stacks, waived or not. */
export const findViolations = (
  stacks: ReadonlyMap<string, unknown>,
  rules: readonly Rule[] = everyRule,
): readonly Violation[] => violationsIn(readEstate(stacks), rules);

const violationsIn = (estate: Estate, rules: readonly Rule[]): readonly Violation[] => {
  const found = rules.flatMap((rule) =>
    (rule.appliesTo === "every" ? estate.blocks : rule.appliesTo.flatMap(estate.ofType)).flatMap((block) =>
      rule.check(block, estate).map(({ wrong, fix, part, at = block }) => ({
        rule: rule.id,
        address: at.address,
        what: rule.what,
        why: rule.why,
        wrong,
        fix,
        ...(part === undefined ? {} : { part }),
      })),
    ),
  );
  // Two functions on one queue find the same wrong with it.
  return [...new Map(found.map((one) => [`${one.rule} ${one.address} ${one.wrong}`, one])).values()];
};

/**
 * Looks at synthesised stacks by every rule.
 *
 * @param stacks the JSON of each by its name
 */
export const checkPolicies = (
  stacks: ReadonlyMap<string, unknown>,
  waivers: readonly Waiver[] = everyWaiver,
): PolicyReport => {
  const estate = readEstate(stacks);
  const found = violationsIn(estate, everyRule);
  const used = new Set<Waiver>();
  const violations: Violation[] = [];
  const waived: (Violation & { reason: string })[] = [];
  for (const violation of found) {
    const waiver = waivers.find((one) => isWaived(one, violation));
    if (waiver === undefined) violations.push(violation);
    else {
      used.add(waiver);
      waived.push({ ...violation, reason: waiver.reason });
    }
  }
  return {
    violations,
    waived,
    unused: waivers.filter((waiver) => !used.has(waiver) && waiver.option === undefined),
    blocks: estate.blocks.length,
    rules: everyRule.length,
  };
};
