import type { Estate } from "./estate.ts";
import type { Rule } from "./rule.ts";

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

/** What rules find in stacks, waived or not. */
export const findViolations = (estate: Estate, rules: readonly Rule[]): readonly Violation[] => {
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
