import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { NoStoredState } from "../runner/failures.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import type { LockOptions, Terraform } from "../runner/terraform.ts";
import { type NormalisedChange, normalisedChanges } from "./normalised-changes.ts";
import { parsePlan } from "./plan-document.ts";
import { readsSecretValues } from "./secret-values.ts";
import { type StackReads, stackReads } from "./stack-reads.ts";
import { missingReads, type Outlook, outlookOf, unsettledReads, type WaitsFor, waitsFor } from "./waiting.ts";

/** A plan that was made and saved. */
export interface MadePlan {
  readonly changes: readonly NormalisedChange[];
  /** What `terraform show -json` says; it holds secrets in plain text. */
  readonly document: unknown;
  /** Path of the saved plan, which holds secrets as well. */
  readonly planPath: string;
}

/** A stack as it stands before anything is applied. */
export interface PlannedStack {
  readonly stack: SynthesisedStack;
  readonly reads: StackReads;
  /** Empty where nothing stands between the stack and its plan. */
  readonly waitsFor: readonly WaitsFor[];
  /** undefined where none could be made; where the stack waits, made with values that will change. */
  readonly plan: MadePlan | undefined;
  readonly outlook: Outlook;
}

/** A stack has a variable that nobody set. */
export class MissingVariable extends Error {
  constructor(stack: string, variables: readonly string[]) {
    super(
      `The stack ${stack} needs a value for ${variables.join(", ")}. Set ${variables
        .map((name) => `TF_VAR_${name}`)
        .join(
          ", ",
        )}${variables.includes("worker_image") ? ", or commit the image's digest in docker/ffmpeg/image.json" : ""}.`,
    );
    this.name = "MissingVariable";
  }
}

const variables = z.object({
  variable: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })).default({}),
});

const checkVariables = (stack: string, document: unknown): void => {
  const missing = Object.entries(variables.parse(document).variable)
    .filter(([name, { default: value }]) => value === undefined && !process.env[`TF_VAR_${name}`])
    .map(([name]) => name);
  if (missing.length > 0) throw new MissingVariable(stack, missing);
};

/** How a stack is planned. */
export interface PlanStackOptions extends Pick<LockOptions, "lock" | "lockTimeout"> {
  readonly terraform: Terraform;
  /** Where the plan is saved. */
  readonly planPath: string;
  /** Whether whoever plans may read no secret. What drifted of a stack that holds one is then found when it is applied. @default false */
  readonly onlyReads?: boolean;
}

/**
 * Plans one stack, if what it reads of the stacks before it is there.
 *
 * @param upstreams what is known of the stacks before it, by where their state lies
 * @throws MissingVariable, and what `Terraform` throws
 */
export const planStack = async (
  stack: SynthesisedStack,
  upstreams: ReadonlyMap<string, Outlook>,
  { terraform, planPath, onlyReads = false, ...locking }: PlanStackOptions,
): Promise<PlannedStack> => {
  const document: unknown = JSON.parse(await readFile(join(stack.directory, "cdk.tf.json"), "utf8"));
  const reads = stackReads(document, stack.directory);
  const unplanned = (waits: readonly WaitsFor[]): PlannedStack => ({
    stack,
    reads,
    waitsFor: waits,
    plan: undefined,
    outlook: { stack: stack.stack, outputs: undefined, hasState: false },
  });
  const missing = missingReads(reads, upstreams);
  const unsettled = unsettledReads(reads, upstreams);
  if (missing.length > 0) return unplanned(waitsFor(unsettled, upstreams));
  checkVariables(stack.stack, document);
  await terraform.init();
  try {
    const refresh = !(onlyReads && readsSecretValues(document));
    await terraform.plan({ ...locking, refresh, out: planPath });
  } catch (cause) {
    if (!(cause instanceof NoStoredState)) throw cause;
    return unplanned([{ stack: cause.upstream, outputs: cause.output === undefined ? [] : [cause.output] }]);
  }
  const shown = await terraform.show(planPath);
  const plan = parsePlan(shown);
  return {
    stack,
    reads,
    waitsFor: waitsFor(unsettled, upstreams),
    plan: { changes: normalisedChanges(plan), document: shown, planPath },
    outlook: outlookOf(stack.stack, plan, reads, unsettled),
  };
};
