import { join } from "node:path";
import { UserError } from "../../pipeline/errors/errors.ts";
import { withPlanDirectory } from "../pull-request/plan-stage.ts";
import { type ReviewedResource, reviewPlan } from "../review/review.ts";
import type { ChangeCounts } from "../runner/messages.ts";
import { renderCounts } from "../runner/render-progress.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import type { LockOptions, Terraform } from "../runner/terraform.ts";

/** Variables for Terraform on top of this process's own. */
type Environment = Readonly<Record<string, string>>;

export interface DeployOptions {
  /** In the order they are applied. */
  readonly stacks: readonly SynthesisedStack[];
  readonly open: (stack: SynthesisedStack, environment: Environment) => Promise<Terraform>;
  /** Asked before each stack that would change; false ends the deployment. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly report: (line: string) => void;
  /** As Terraform takes it. @default it does not wait for a lock */
  readonly lockTimeout?: string;
  /** Called before the stack that names the worker's image: puts it into the registry, and answers what names it. */
  readonly prepareImage: () => Promise<Environment>;
  /** Told before the stack with the network, e.g. what that costs. @default nothing */
  readonly beforeNetworkStack?: (stack: SynthesisedStack) => Promise<void>;
}

/** What a deployment did to one stack. */
export interface DeployResult {
  readonly name: string;
  readonly counts: ChangeCounts;
  readonly outcome: "applied" | "unchanged";
}

/** Someone said no; what stands before it stays applied. */
export class DeploymentDeclinedError extends UserError {
  constructor(stack: string, results: readonly DeployResult[]) {
    const applied = results.filter(({ outcome }) => outcome === "applied").map(({ name }) => name);
    super(
      `Stopped before ${stack}, of which nothing was changed. ${
        applied.length === 0 ? "Nothing else was changed either." : `Applied before: ${applied.join(", ")}.`
      }`,
    );
  }
}

/** The stack whose task definition names the worker's image, and which has the network. */
const workerStackName = "compute";

const actionLabels = {
  update: "~ change",
  replace: "! replace",
  delete: "- destroy",
  forget: "  forget",
} as const;

/** A changed resource in a line; undefined for what is made, which is only counted, and for what stays. */
export const renderChange = ({
  action,
  address,
  attributes,
  dataLoss,
}: ReviewedResource): string | undefined => {
  if (action === "create" || action === "read" || action === "none") return undefined;
  const changedPaths = attributes.map(({ path }) => path).join(", ");
  const dataLossText = dataLoss === undefined ? "" : ` — LOSES ${dataLoss.consequence}`;
  return `  ${actionLabels[action]} ${address}${changedPaths === "" ? "" : ` (${changedPaths})`}${dataLossText}`;
};

/**
 * Plans a stack, shows what would change, asks, and applies just that plan.
 *
 * @param targets addresses that alone are planned @default all
 * @returns undefined where the answer was no
 */
export const applyStack = async (
  terraform: Terraform,
  stack: SynthesisedStack,
  { confirm, report, lockTimeout }: Pick<DeployOptions, "confirm" | "report" | "lockTimeout">,
  targets?: readonly string[],
): Promise<DeployResult | undefined> => {
  const lockOptions: LockOptions = lockTimeout === undefined ? {} : { lockTimeout };
  return withPlanDirectory(async (folder) => {
    const plan = await terraform.plan({
      ...lockOptions,
      ...(targets === undefined ? {} : { targets }),
      out: join(folder, "deploy.tfplan"),
    });
    const { counts } = plan;
    if (!plan.hasChanges) {
      report(`${stack.name}: nothing to change.`);
      return { name: stack.name, counts, outcome: "unchanged" };
    }
    report(`${stack.name}: ${renderCounts(counts)}.`);
    const review = reviewPlan(await terraform.show(plan.planPath), { name: stack.name });
    for (const resource of review.resources) {
      const line = renderChange(resource);
      if (line !== undefined) report(line);
    }
    if (!(await confirm(`Apply this to ${stack.name}?`))) return undefined;
    await terraform.apply(plan.planPath, lockOptions);
    return { name: stack.name, counts, outcome: "applied" };
  });
};

/**
 * Brings the stacks of a stage up to date, one after the other, each planned when those before it are applied.
 *
 * @throws DeploymentDeclinedError, and what Terraform throws: a held lock, a stage that was never bootstrapped, a stack
 * that was left out though a later one reads it
 */
export const deployStacks = async (options: DeployOptions): Promise<readonly DeployResult[]> => {
  const { stacks, open, beforeNetworkStack, prepareImage } = options;
  const results: DeployResult[] = [];
  let environment: Environment = {};
  for (const stack of stacks) {
    if (stack.stack === workerStackName) {
      await beforeNetworkStack?.(stack);
      environment = await prepareImage();
    }
    const terraform = await open(stack, environment);
    await terraform.init();
    const result = await applyStack(terraform, stack, options);
    if (result === undefined) throw new DeploymentDeclinedError(stack.name, results);
    results.push(result);
  }
  return results;
};
