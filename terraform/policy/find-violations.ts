import type { ResourceGraph } from "./resource-graph.ts";
import type { Rule } from "./rule.ts";

/** A block that violates a rule. */
export interface Violation {
  readonly rule: string;
  /** Stack and Terraform address. */
  readonly address: string;
  /** The rule's requirement. */
  readonly description: string;
  readonly rationale: string;
  readonly message: string;
  readonly fix: string;
  readonly part?: string;
}

/** Finds all violations of rules, waived or not. */
export const findViolations = (graph: ResourceGraph, rules: readonly Rule[]): readonly Violation[] => {
  const violations = rules.flatMap((rule) =>
    (rule.appliesTo === "every" ? graph.blocks : rule.appliesTo.flatMap(graph.ofType)).flatMap((block) =>
      rule.check(block, graph).map(({ message, fix, part, blamedBlock = block }) => ({
        rule: rule.id,
        address: blamedBlock.address,
        description: rule.description,
        rationale: rule.rationale,
        message,
        fix,
        ...(part === undefined ? {} : { part }),
      })),
    ),
  );
  // Two functions on one queue report the same problem.
  return [...new Map(violations.map((one) => [`${one.rule} ${one.address} ${one.message}`, one])).values()];
};
