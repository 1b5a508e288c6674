import { readEstate } from "./estate.ts";
import { everyRule } from "./every-rule.ts";
import { findViolations, type Violation } from "./find-violations.ts";
import { waivers as everyWaiver, type Waiver } from "./waivers.ts";

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
  const found = findViolations(estate, everyRule);
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
