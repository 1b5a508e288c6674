import type { Block, ResourceGraph } from "./resource-graph.ts";

/** One thing that is not as a rule wants it. */
export interface Problem {
  /** What is wrong, as the end of a sentence about the block. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The block to blame, where it is another than the one looked at. */
  readonly blamedBlock?: Block;
  /** Which part of the block, e.g. the action that a policy allows. */
  readonly part?: string;
}

/** A rule of how resources must stand; one a file. */
export interface Rule {
  /** As Checkov, AWS Security Hub or Trivy number it; ours begin with REELWAY. */
  readonly id: string;
  /** What must be so, in a sentence. */
  readonly description: string;
  /** What happens otherwise. */
  readonly rationale: string;
  /** Types of the blocks it looks at. */
  readonly appliesTo: readonly string[] | "every";
  check(block: Block, graph: ResourceGraph): readonly Problem[];
}

/** No problem where all is good, else this one. */
export const failUnless = (
  condition: boolean,
  message: string,
  fix: string,
  blamedBlock?: Block,
): readonly Problem[] =>
  condition ? [] : [{ message, fix, ...(blamedBlock === undefined ? {} : { blamedBlock }) }];
