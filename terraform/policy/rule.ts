import type { Block, Estate } from "./estate.ts";

/** One thing that is not as a rule wants it. */
export interface Problem {
  /** What is wrong, as the end of a sentence about the block. */
  readonly wrong: string;
  /** What to do about it. */
  readonly fix: string;
  /** The block to blame, where it is another than the one looked at. */
  readonly at?: Block;
  /** Which part of the block, e.g. the action that a policy allows. */
  readonly part?: string;
}

/** A rule of how resources must stand; one a file. */
export interface Rule {
  /** As Checkov, AWS Security Hub or Trivy number it; ours begin with REELWAY. */
  readonly id: string;
  /** What must be so, in a sentence. */
  readonly what: string;
  /** What happens otherwise. */
  readonly why: string;
  /** Types of the blocks it looks at. */
  readonly appliesTo: readonly string[] | "every";
  check(block: Block, estate: Estate): readonly Problem[];
}

/** No problem where all is good, else this one. */
export const unless = (good: boolean, wrong: string, fix: string, at?: Block): readonly Problem[] =>
  good ? [] : [{ wrong, fix, ...(at === undefined ? {} : { at }) }];
