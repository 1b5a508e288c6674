import { join } from "node:path";
import { UserError } from "../../pipeline/errors/errors.ts";
import { withPlanDirectory } from "../pull-request/plan-stage.ts";
import { type ReviewedResource, reviewPlan } from "../review/review.ts";
import type { ChangeCounts } from "../runner/messages.ts";
import { renderCounts } from "../runner/render-progress.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
import type { LockOptions, Terraform } from "../runner/terraform.ts";

/** Additional environment variables for Terraform. */
type Environment = Readonly<Record<string, string>>;

/** Options of `deployStacks`. */
export interface DeployOptions {
  /** In the order of their application. */
  readonly stacks: readonly SynthesizedStack[];
  readonly open: (stack: SynthesizedStack, environment: Environment) => Promise<Terraform>;
  /** Called before each stack with changes; false ends the deployment. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly report: (line: string) => void;
  /** Terraform's `-lock-timeout`, e.g. `5m`. @default no waiting */
  readonly lockTimeout?: string;
  /** Called before the compute stack: publishes the worker's image and returns the variables that name it. */
  readonly prepareImage: () => Promise<Environment>;
}

/** Result for one stack. */
export interface DeployResult {
  readonly name: string;
  readonly counts: ChangeCounts;
  readonly outcome: "applied" | "unchanged";
  /** Outputs that callers of the stage need; only of the stacks `api` and `site`. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** A confirmation was declined; the stacks before it stay applied. */
export class DeploymentDeclinedError extends UserError {
  constructor(stack: string, results: readonly DeployResult[]) {
    const applied = results.filter(({ outcome }) => outcome === "applied").map(({ name }) => name);
    super(
      `Not confirmed: ${stack} was not changed. ${
        applied.length === 0 ? "No other stack was changed." : `Applied before: ${applied.join(", ")}.`
      }`,
    );
  }
}

/** Stacks that run the worker's image. */
const imageStackNames: ReadonlySet<string> = new Set(["compute", "highlights"]);

/** Whether a stack runs the worker's image, which is then built or pulled. */
export const usesImage = ({ stack }: Pick<SynthesizedStack, "stack">): boolean => imageStackNames.has(stack);

/** Stacks whose outputs are addresses and ids that callers of the stage need. */
const addressStackNames: ReadonlySet<string> = new Set(["api", "site"]);

const actionLabels = {
  update: "~ change",
  replace: "! replace",
  delete: "- destroy",
  forget: "  forget",
} as const;

/** Renders a changed resource in one line; undefined for created (only counted) and unchanged ones. */
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
 * Plans a stack, shows the changes, asks for confirmation, and applies exactly that plan.
 *
 * @param targets addresses to plan @default all
 * @returns undefined if not confirmed
 */
export const applyStack = async (
  terraform: Terraform,
  stack: SynthesizedStack,
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
      report(`${stack.name}: no changes.`);
      return { name: stack.name, counts, outcome: "unchanged" };
    }
    report(`${stack.name}: ${renderCounts(counts)}.`);
    const review = reviewPlan(await terraform.show(plan.planPath), { name: stack.name });
    for (const resource of review.resources) {
      const line = renderChange(resource);
      if (line !== undefined) report(line);
    }
    if (!(await confirm(`Apply these changes to ${stack.name}?`))) return undefined;
    await terraform.apply(plan.planPath, lockOptions);
    return { name: stack.name, counts, outcome: "applied" };
  });
};

const readOutputs = async (terraform: Terraform): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    Object.entries(await terraform.output()).flatMap(([name, { value, sensitive }]) =>
      sensitive || typeof value !== "string" ? [] : [[name, value]],
    ),
  );

/**
 * Plans and applies the stacks of a stage one after the other.
 *
 * @throws DeploymentDeclinedError; errors of Terraform, e.g. a held lock, a stage that is not bootstrapped, or a stack
 * that is not deployed but read by a later one
 */
export const deployStacks = async (options: DeployOptions): Promise<readonly DeployResult[]> => {
  const { stacks, open, prepareImage } = options;
  const results: DeployResult[] = [];
  let environment: Environment | undefined;
  for (const stack of stacks) {
    environment ??= usesImage(stack) ? await prepareImage() : undefined;
    const terraform = await open(stack, environment ?? {});
    await terraform.init();
    const result = await applyStack(terraform, stack, options);
    if (result === undefined) throw new DeploymentDeclinedError(stack.name, results);
    results.push(
      addressStackNames.has(stack.stack) ? { ...result, outputs: await readOutputs(terraform) } : result,
    );
  }
  return results;
};
