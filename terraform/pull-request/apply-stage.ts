import { join } from "node:path";
import { UserError } from "../../pipeline/errors/errors.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
import { comparePlans } from "./compare-plans.ts";
import { hashChanges } from "./normalised-changes.ts";
import type { PlannedOutputs } from "./pending-dependencies.ts";
import type { PlannedStack } from "./plan-stack.ts";
import { planStack } from "./plan-stack.ts";
import { planStage, type StageOptions, withPlanDirectory } from "./plan-stage.ts";
import { type PlanSummary, type StackSummary, summariseStack } from "./summary.ts";

/** A stack's plan differs from the reviewed one; the stack was not applied. */
export class PlanMismatchError extends UserError {
  readonly stackName: string;
  /** One line per difference: address, reviewed value, current value. */
  readonly differences: readonly string[];
  constructor(stack: string, lines: readonly string[]) {
    super(
      `The plan of ${stack} differs from the review, so it was not applied:\n${lines.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.stackName = stack;
    this.differences = lines;
  }
}

/** The review covers other stacks than the stage has. */
export class ReviewMismatchError extends UserError {
  constructor(reason: string) {
    super(`The review does not match the stage: ${reason}.`);
  }
}

/** Stacks that need another approval. */
export interface PendingApproval {
  /** The stacks before them, without changes. */
  readonly completed: readonly StackSummary[];
  /** The first stack without a review, and those after it. */
  readonly planned: readonly PlannedStack[];
  /** All stacks, `completed` and `planned`. */
  readonly stacks: readonly StackSummary[];
}

/** Result of `applyStage`; stacks by name. */
export interface ApplyStageResult {
  readonly applied: readonly string[];
  readonly unchanged: readonly string[];
  /** Undefined if no stack needs another approval. */
  readonly pendingApproval: PendingApproval | undefined;
}

/** Options of `applyStage`. */
export interface ApplyOptions extends StageOptions {
  /** Called before a stack is applied whose plan matches the review. */
  readonly onApply?: (stack: SynthesizedStack) => void;
}

/** Creates the summary of a stack without changes. */
const createUnchangedSummary = (stack: string): StackSummary => ({
  name: stack,
  status: "unchanged",
  hash: hashChanges([]),
  changes: [],
});

const indexReviews = (reviewedSummary: PlanSummary, stacks: readonly SynthesizedStack[]) => {
  const reviews = new Map(reviewedSummary.stacks.map((stack) => [stack.name, stack]));
  // An empty review: each stack needs its own approval.
  if (reviews.size === 0) return reviews;
  const missing = stacks.filter(({ stack }) => !reviews.has(stack)).map(({ stack }) => stack);
  if (missing.length > 0) throw new ReviewMismatchError(`the review lacks ${missing.join(", ")}`);
  const names = new Set(stacks.map(({ stack }) => stack));
  const unknownStacks = [...reviews.keys()].filter((name) => !names.has(name));
  if (unknownStacks.length > 0)
    throw new ReviewMismatchError(`the stage has no stack ${unknownStacks.join(", ")}`);
  return reviews;
};

/**
 * Plans every stack again and applies those whose changes match the review. Stacks without changes are skipped, so an
 * interrupted apply can be repeated. Stops at the first stack without a review; that one and those after it are planned
 * for another review.
 *
 * @param stacks all stacks of the stage, in the order of their application
 * @throws ReviewMismatchError before the first plan; PlanMismatchError; errors of Terraform
 */
export const applyStage = (
  stacks: readonly SynthesizedStack[],
  reviewedSummary: PlanSummary,
  options: ApplyOptions,
): Promise<ApplyStageResult> =>
  withPlanDirectory(async (folder) => {
    const reviews = indexReviews(reviewedSummary, stacks);
    const { open, onStack, onApply, ...locking } = options;
    const plannedOutputs = new Map<string, PlannedOutputs>();
    const applied: string[] = [];
    const unchanged: string[] = [];
    for (const [index, stack] of stacks.entries()) {
      const review = reviews.get(stack.stack);
      if (review?.hash === undefined) {
        const planned = await planStage(stacks.slice(index), options, plannedOutputs);
        const summaries = planned.map(summariseStack);
        if (summaries.every(({ status }) => status === "unchanged"))
          return {
            applied,
            unchanged: [...unchanged, ...summaries.map(({ name }) => name)],
            pendingApproval: undefined,
          };
        const completed = stacks.slice(0, index).map((one) => createUnchangedSummary(one.stack));
        return {
          applied,
          unchanged,
          pendingApproval: { completed: completed, planned, stacks: [...completed, ...summaries] },
        };
      }
      onStack?.(stack);
      const terraform = await open(stack);
      const planPath = join(folder, `${stack.name}.tfplan`);
      const { plan, pendingDependencies, dependencies } = await planStack(stack, plannedOutputs, {
        terraform,
        planPath,
        ...locking,
      });
      if (plan === undefined)
        throw new PlanMismatchError(
          stack.stack,
          pendingDependencies.map(
            (one) => `${one.stack} no longer has the output ${one.outputs.join(", ") || "state"}`,
          ),
        );
      if (plan.changes.length === 0) unchanged.push(stack.stack);
      else {
        if (hashChanges(plan.changes) !== review.hash)
          throw new PlanMismatchError(stack.stack, comparePlans(review.changes, plan.changes));
        onApply?.(stack);
        await terraform.apply(plan.planPath, locking);
        applied.push(stack.stack);
      }
      plannedOutputs.set(dependencies.state, {
        stack: stack.stack,
        hasState: true,
        outputs: { stored: new Set(Object.keys(await terraform.output())), changing: new Set() },
      });
    }
    return { applied, unchanged, pendingApproval: undefined };
  });
