import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { MissingStateError } from "../runner/errors.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import type { LockOptions, Terraform } from "../runner/terraform.ts";
import { type NormalisedChange, normaliseChanges } from "./normalised-changes.ts";
import {
  findChangingReferences,
  findMissingReferences,
  groupByStack,
  type PendingDependency,
  type PlannedOutputs,
  predictOutputs,
} from "./pending-dependencies.ts";
import { parsePlan } from "./plan-document.ts";
import { hasSecretValues } from "./secret-values.ts";
import { findStackDependencies, type StackDependencies } from "./stack-dependencies.ts";

/** A plan that was made and saved. */
export interface StackPlan {
  readonly changes: readonly NormalisedChange[];
  /** What `terraform show -json` says; it holds secrets in plain text. */
  readonly document: unknown;
  /** Path of the saved plan, which holds secrets as well. */
  readonly planPath: string;
}

/** A stack as it stands before anything is applied. */
export interface PlannedStack {
  readonly stack: SynthesisedStack;
  readonly dependencies: StackDependencies;
  /** Empty where nothing stands between the stack and its plan. */
  readonly pendingDependencies: readonly PendingDependency[];
  /** undefined where none could be made; where the stack waits, made with values that will change. */
  readonly plan: StackPlan | undefined;
  readonly plannedOutputs: PlannedOutputs;
}

/** A stack has a variable that nobody set. */
export class MissingVariableError extends UserError {
  constructor(stack: string, variables: readonly string[]) {
    super(
      `The stack ${stack} needs a value for ${variables.join(", ")}. Set ${variables
        .map((name) => `TF_VAR_${name}`)
        .join(
          ", ",
        )}${variables.includes("worker_image") ? ", or commit the image's digest in docker/ffmpeg/image.json" : ""}.`,
    );
  }
}

const variablesSchema = z.object({
  variable: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })).default({}),
});

const checkVariables = (stack: string, document: unknown): void => {
  const missingReferences = Object.entries(variablesSchema.parse(document).variable)
    .filter(([name, { default: value }]) => value === undefined && !process.env[`TF_VAR_${name}`])
    .map(([name]) => name);
  if (missingReferences.length > 0) throw new MissingVariableError(stack, missingReferences);
};

/** How a stack is planned. */
export interface PlanStackOptions extends Pick<LockOptions, "lock" | "lockTimeout"> {
  readonly terraform: Terraform;
  /** Where the plan is saved. */
  readonly planPath: string;
  /** Whether whoever plans may read no secret. What drifted of a stack that holds one is then found when it is applied. @default false */
  readonly isReadOnly?: boolean;
}

/**
 * Plans one stack, if what it reads of the stacks before it is there.
 *
 * @param upstreamOutputs what is known of the stacks before it, by where their state lies
 * @throws MissingVariableError, and what `Terraform` throws
 */
export const planStack = async (
  stack: SynthesisedStack,
  upstreamOutputs: ReadonlyMap<string, PlannedOutputs>,
  { terraform, planPath, isReadOnly = false, ...locking }: PlanStackOptions,
): Promise<PlannedStack> => {
  const document: unknown = JSON.parse(await readFile(join(stack.directory, "cdk.tf.json"), "utf8"));
  const dependencies = findStackDependencies(document, stack.directory);
  const createUnplanned = (pendingDependencies: readonly PendingDependency[]): PlannedStack => ({
    stack,
    dependencies,
    pendingDependencies: pendingDependencies,
    plan: undefined,
    plannedOutputs: { stack: stack.stack, outputs: undefined, hasState: false },
  });
  const missingReferences = findMissingReferences(dependencies, upstreamOutputs);
  const changingReferences = findChangingReferences(dependencies, upstreamOutputs);
  if (missingReferences.length > 0) return createUnplanned(groupByStack(changingReferences, upstreamOutputs));
  checkVariables(stack.stack, document);
  await terraform.init();
  try {
    const refresh = !(isReadOnly && hasSecretValues(document));
    await terraform.plan({ ...locking, refresh, out: planPath });
  } catch (cause) {
    if (!(cause instanceof MissingStateError)) throw cause;
    return createUnplanned([
      { stack: cause.upstream, outputs: cause.output === undefined ? [] : [cause.output] },
    ]);
  }
  const planJson = await terraform.show(planPath);
  const plan = parsePlan(planJson);
  return {
    stack,
    dependencies,
    pendingDependencies: groupByStack(changingReferences, upstreamOutputs),
    plan: { changes: normaliseChanges(plan), document: planJson, planPath },
    plannedOutputs: predictOutputs(stack.stack, plan, dependencies, changingReferences),
  };
};
