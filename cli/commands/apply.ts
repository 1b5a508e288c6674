import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
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
import { parseFolder } from "../arguments.ts";
import {
  createTerraformOpener,
  readStageStacks,
  report,
  type StageOptions,
  withLockTimeoutOption,
  withStageOptions,
} from "./stage.ts";

interface ApplyOptions extends StageOptions {
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
    throw new UsageError(`${reviewed} is a review of ${summary.stage}, not of ${stage}.`);
  return summary;
};

const confirm = async ({ stage, yes }: ApplyOptions, { stacks }: PlanSummary): Promise<void> => {
  for (const stack of stacks)
    report(
      `${stack.name}: ${renderStatus(stack, (name) => name)}${stack.hash ? ` (${stack.hash.slice(0, 12)})` : ""}`,
    );
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new UsageError("Nobody can be asked here: to apply what was reviewed, add --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Apply this to ${stage}? Type the stage's name: `);
    if (answer.trim() !== stage) throw new CommandError("Nothing was applied.");
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
      (stack) => `${stack.name} awaits its own approval: ${renderStatus(stack, (name) => name)}`,
    ),
    ...(pendingStacks.length === 0
      ? []
      : [`Review ${directory}/comment.md; then: npx reelway apply --reviewed ${directory}/summary.json …`]),
    "",
  ].join("\n");
};

const apply = async (options: ApplyOptions): Promise<void> => {
  const { stage, next: directory, lockTimeout, json } = options;
  const review = await readReview(options);
  const stacks = await readStageStacks(options);
  await confirm(options, review);
  const outcome = await applyStage(stacks, review, {
    open: createTerraformOpener(),
    ...(lockTimeout !== undefined && { lockTimeout }),
    onStack: ({ name }) => report(`Planning ${name}`),
    onApply: ({ name }) => report(`Applying ${name}: planned as reviewed`),
  }).catch((cause: unknown) => {
    if (!(cause instanceof PlanMismatchError)) throw cause;
    for (const line of cause.differences) report(`  ${line}`);
    throw new CommandError(
      `${cause.stackName} is not planned as it was reviewed, and was not applied. Review it anew: npx reelway plan --stage ${stage} --out DIR`,
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

/** `reelway apply` */
export const applyCommand = (): Command =>
  withLockTimeoutOption(
    withStageOptions(
      new Command("apply")
        .description("apply to a stage exactly what was reviewed; stop where the plan differs")
        .requiredOption("--reviewed <file>", "the review's summary.json")
        .option("--next <dir>", "folder for the review of what awaits its own approval", parseFolder, "next")
        .option("--yes", "do not ask")
        .option("--json", "print one JSON document"),
    ),
  ).action(apply);
