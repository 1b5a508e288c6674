import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { MissingStateError } from "../runner/errors.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
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

/** A saved plan of a stack. */
export interface StackPlan {
  readonly changes: readonly NormalisedChange[];
  /** Output of `terraform show -json`; contains secrets in plain text. */
  readonly document: unknown;
  /** Path of the saved plan; contains secrets. */
  readonly planPath: string;
}

/** A stack with its plan, or what the plan is waiting for. */
export interface PlannedStack {
  readonly stack: SynthesizedStack;
  readonly dependencies: StackDependencies;
  /** Empty if the plan is final. */
  readonly pendingDependencies: readonly PendingDependency[];
  /** Undefined if the stack could not be planned. With pending dependencies it uses values that will change. */
  readonly plan: StackPlan | undefined;
  readonly plannedOutputs: PlannedOutputs;
}

/** A variable of a stack has no value. */
export class MissingVariableError extends UserError {
  constructor(stack: string, variables: readonly string[]) {
    super(
      `The stack ${stack} needs a value for ${variables.join(", ")}. Set ${variables
        .map((name) => `TF_VAR_${name}`)
        .join(
          ", ",
        )}${variables.includes("worker_image") ? ", or commit the image's digest in image.json" : ""}.`,
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

/** Options of `planStack`. */
export interface PlanStackOptions extends Pick<LockOptions, "lock" | "lockTimeout"> {
  readonly terraform: Terraform;
  /** Path of the file for the saved plan. */
  readonly planPath: string;
  /** Whether the credentials cannot read secrets. Drift of a stack with secrets is then only detected by the apply. @default false */
  readonly isReadOnly?: boolean;
}

/**
 * Plans one stack, unless outputs that it reads are missing.
 *
 * @param upstreamOutputs outputs of the stacks before it, by state location
 * @throws MissingVariableError; errors of Terraform
 */
export const planStack = async (
  stack: SynthesizedStack,
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
