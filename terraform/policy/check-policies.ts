import { allRules } from "./all-rules.ts";
import { findViolations, type Violation } from "./find-violations.ts";
import { buildResourceGraph } from "./resource-graph.ts";
import { waivers as everyWaiver, type Waiver } from "./waivers.ts";

/** The result of checking synthesized stacks against all rules. */
export interface PolicyReport {
  readonly violations: readonly Violation[];
  readonly waivedViolations: readonly (Violation & { readonly reason: string })[];
  /** Waivers without a match, except those for optional features. */
  readonly unusedWaivers: readonly Waiver[];
  /** Number of checked blocks. */
  readonly blockCount: number;
  readonly ruleCount: number;
}

/** Whether a waiver applies to a violation. */
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
 * Checks synthesized stacks against every rule.
 *
 * @param stacks synthesized JSON by stack name
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
