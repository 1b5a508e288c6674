import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { CommandError, formatError, UsageError } from "../../pipeline/errors/errors.ts";
import {
  type ApplyStageResult,
  applyStage,
  PlanMismatchError,
} from "../../terraform/pull-request/apply-stage.ts";
import { renderStatus } from "../../terraform/pull-request/comment.ts";
import { formatJson, writePlanFiles } from "../../terraform/pull-request/plan-files.ts";
import { type PlanSummary, parseSummary } from "../../terraform/pull-request/summary.ts";
import { readHeadCommit, readWorkflowRun } from "../../terraform/pull-request/workflow-run.ts";
import { createTerraformOpener, readStageStacks, report, type StageOptions } from "./stage.ts";

/** Options of `reelway apply`. */
export interface ApplyOptions extends StageOptions {
  readonly reviewed: string;
  readonly next: string;
  readonly lockTimeout?: string;
  readonly yes?: true;
  readonly json?: true;
}

const readReview = async ({ reviewed, stage }: ApplyOptions): Promise<PlanSummary> => {
  const text = await readFile(reviewed, "utf8").catch((cause: unknown) => {
    throw new UsageError(`${reviewed} cannot be read: ${formatError(cause)}`);
  });
  const summary = parseSummary(text);
  if (summary.stage !== stage)
    throw new UsageError(`${reviewed} is a review of the stage ${summary.stage}, not of ${stage}.`);
  return summary;
};

const confirm = async ({ stage, yes }: ApplyOptions, { stacks }: PlanSummary): Promise<void> => {
  for (const stack of stacks)
    report(
      `${stack.name}: ${renderStatus(stack, (name) => name)}${stack.hash ? ` (${stack.hash.slice(0, 12)})` : ""}`,
    );
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new UsageError(
      "Standard input is not a terminal, so the confirmation cannot be asked. To apply the review, pass --yes.",
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Apply this to ${stage}? Type the stage name: `);
    if (answer.trim() !== stage) throw new CommandError("Not confirmed. Nothing was applied.");
  } finally {
    terminal.close();
  }
};

const formatOutcome = (
  { applied, unchanged, pendingApproval }: ApplyStageResult,
  directory: string,
): string => {
  const pendingStacks = pendingApproval?.stacks.filter(({ status }) => status !== "unchanged") ?? [];
  return [
    `Applied: ${applied.join(", ") || "nothing"}. Unchanged: ${unchanged.join(", ") || "nothing"}.`,
    ...pendingStacks.map(
      (stack) => `${stack.name} needs another approval: ${renderStatus(stack, (name) => name)}`,
    ),
    ...(pendingStacks.length === 0
      ? []
      : [
          `Review ${directory}/comment.md, then run: npx reelway apply --reviewed ${directory}/summary.json …`,
        ]),
    "",
  ].join("\n");
};

/** Applies the reviewed plans of a stage and prints the outcome. */
export const apply = async (options: ApplyOptions): Promise<void> => {
  const { stage, next: directory, lockTimeout, json } = options;
  const review = await readReview(options);
  const stacks = await readStageStacks(options);
  await confirm(options, review);
  const outcome = await applyStage(stacks, review, {
    open: createTerraformOpener(),
    ...(lockTimeout !== undefined && { lockTimeout }),
    onStack: ({ name }) => report(`Planning ${name}`),
    onApply: ({ name }) => report(`Applying ${name}: the plan matches the review`),
  }).catch((cause: unknown) => {
    if (!(cause instanceof PlanMismatchError)) throw cause;
    for (const line of cause.differences) report(`  ${line}`);
    throw new CommandError(
      `The plan of ${cause.stackName} differs from the review, so it was not applied. Review it again: npx reelway plan --stage ${stage} --out DIR`,
      { cause },
    );
  });
  const next =
    outcome.pendingApproval &&
    (await writePlanFiles(
      outcome.pendingApproval.planned,
      {
        directory,
        stage,
        commit: await readHeadCommit(process.cwd()),
        run: readWorkflowRun(process.env),
        kind: "next",
      },
      outcome.pendingApproval.completed,
    ));
  const { applied, unchanged } = outcome;
  process.stdout.write(
    json ? formatJson({ applied, unchanged, next: next ?? null }) : formatOutcome(outcome, directory),
  );
};
