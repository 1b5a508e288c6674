import { join } from "node:path";
import { UserError } from "../../pipeline/errors/errors.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { comparePlans } from "./compare-plans.ts";
import { hashChanges } from "./normalised-changes.ts";
import type { PlannedOutputs } from "./pending-dependencies.ts";
import type { PlannedStack } from "./plan-stack.ts";
import { planStack } from "./plan-stack.ts";
import { planStage, type StageOptions, withPlanDirectory } from "./plan-stage.ts";
import { type PlanSummary, type StackSummary, summariseStack } from "./summary.ts";

/** A stack's plan is not the reviewed one; nothing of that stack was applied. */
export class PlanMismatchError extends UserError {
  readonly stackName: string;
  /** A line each: address, what was reviewed, what is planned now. */
  readonly differences: readonly string[];
  constructor(stack: string, lines: readonly string[]) {
    super(
      `${stack} is not planned as it was reviewed, and was not applied:\n${lines.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.stackName = stack;
    this.differences = lines;
  }
}

/** The review is of other stacks, or of another stage. */
export class ReviewMismatchError extends UserError {
  constructor(reason: string) {
    super(`The review does not fit: ${reason}.`);
  }
}

/** What comes next, once it is approved. */
export interface PendingApproval {
  /** The stacks before, with nothing left to do. */
  readonly completed: readonly StackSummary[];
  /** The first stack that was not reviewed, and those after it. */
  readonly planned: readonly PlannedStack[];
  /** All of them. */
  readonly stacks: readonly StackSummary[];
}

/** How an apply went. */
export interface ApplyStageResult {
  readonly applied: readonly string[];
  readonly unchanged: readonly string[];
  /** undefined: nothing is left. */
  readonly pendingApproval: PendingApproval | undefined;
}

/** How a stage is applied. */
export interface ApplyOptions extends StageOptions {
  /** Told of a stack whose plan is the reviewed one, before it is applied. */
  readonly onApply?: (stack: SynthesisedStack) => void;
}

/** A stack with nothing to do: it was planned, and its hash is that of no change. */
const createUnchangedSummary = (stack: string): StackSummary => ({
  name: stack,
  status: "unchanged",
  hash: hashChanges([]),
  changes: [],
});

const indexReviews = (reviewedSummary: PlanSummary, stacks: readonly SynthesisedStack[]) => {
  const reviews = new Map(reviewedSummary.stacks.map((stack) => [stack.name, stack]));
  // A review of nothing names no stack: each awaits its own approval.
  if (reviews.size === 0) return reviews;
  const missing = stacks.filter(({ stack }) => !reviews.has(stack)).map(({ stack }) => stack);
  if (missing.length > 0) throw new ReviewMismatchError(`it does not name ${missing.join(", ")}`);
  const names = new Set(stacks.map(({ stack }) => stack));
  const unknownStacks = [...reviews.keys()].filter((name) => !names.has(name));
  if (unknownStacks.length > 0)
    throw new ReviewMismatchError(`there is no stack ${unknownStacks.join(", ")}`);
  return reviews;
};

/**
 * Plans every stack again and applies those whose changes are the reviewed ones. A stack with nothing left to do is
 * passed over, so that an apply that was broken off goes on where it stopped. At the first stack that nobody reviewed
 * it stops: that one and those after it are planned, for a review of their own.
 *
 * @param stacks all of the stage, in order
 * @throws ReviewMismatchError before anything is planned; PlanMismatchError; what Terraform throws
 */
export const applyStage = (
  stacks: readonly SynthesisedStack[],
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
            (one) => `${one.stack} does not put out ${one.outputs.join(", ") || "anything"} any more`,
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
