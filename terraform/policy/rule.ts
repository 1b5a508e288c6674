import type { Block, ResourceGraph } from "./resource-graph.ts";

/** One problem that a rule finds. */
export interface Problem {
  /** The problem, as the predicate of a sentence about the block, e.g. `has no access logs`. */
  readonly message: string;
  /** The fix, as a sentence. */
  readonly fix: string;
  /** The block to report. @default the checked block */
  readonly blamedBlock?: Block;
  /** Part of the block, e.g. the action that a policy allows. */
  readonly part?: string;
}

/** A policy rule for resources; each has its own file. */
export interface Rule {
  /** Id in Checkov, AWS Security Hub or Trivy; Reelway's own ids begin with REELWAY. */
  readonly id: string;
  /** The requirement, as a sentence. */
  readonly description: string;
  /** The risk if the requirement is not met, as a sentence. */
  readonly rationale: string;
  /** Types of the blocks to check. */
  readonly appliesTo: readonly string[] | "every";
  check(block: Block, graph: ResourceGraph): readonly Problem[];
}

/** Returns no problem if the condition holds, else one. */
export const failUnless = (
  condition: boolean,
  message: string,
  fix: string,
  blamedBlock?: Block,
): readonly Problem[] =>
  condition ? [] : [{ message, fix, ...(blamedBlock === undefined ? {} : { blamedBlock }) }];
