import { allRules } from "./all-rules.ts";
import { findViolations, type Violation } from "./find-violations.ts";
import { buildResourceGraph } from "./resource-graph.ts";
import { waivers as everyWaiver, type Waiver } from "./waivers.ts";

/** What the rules say of synthesised stacks. */
export interface PolicyReport {
  readonly violations: readonly Violation[];
  readonly waivedViolations: readonly (Violation & { readonly reason: string })[];
  /** Waivers that matched nothing, and have no option that explains it. */
  readonly unusedWaivers: readonly Waiver[];
  /** How many blocks were looked at, and by how many rules. */
  readonly blockCount: number;
  readonly ruleCount: number;
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
  const graph = buildResourceGraph(stacks);
  const allViolations = findViolations(graph, allRules);
  const usedWaivers = new Set<Waiver>();
  const violations: Violation[] = [];
  const waivedViolations: (Violation & { reason: string })[] = [];
  for (const violation of allViolations) {
    const waiver = waivers.find((one) => isWaived(one, violation));
    if (waiver === undefined) violations.push(violation);
    else {
      usedWaivers.add(waiver);
      waivedViolations.push({ ...violation, reason: waiver.reason });
    }
  }
  return {
    violations,
    waivedViolations,
    unusedWaivers: waivers.filter((waiver) => !usedWaivers.has(waiver) && waiver.option === undefined),
    blockCount: graph.blocks.length,
    ruleCount: allRules.length,
  };
};
