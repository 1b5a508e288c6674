import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { CommandFailed, oneLine, WrongUsage } from "../../pipeline/errors/user-error.ts";
import { type AppliedStage, applyStage, NotAsReviewed } from "../../terraform/pull-request/apply-stage.ts";
import { statusText } from "../../terraform/pull-request/comment.ts";
import { jsonText, writePlanFiles } from "../../terraform/pull-request/plan-files.ts";
import { checkedOutCommit, currentRun } from "../../terraform/pull-request/run.ts";
import { type PlanSummary, parseSummary } from "../../terraform/pull-request/summary.ts";
import { parseFolder } from "../arguments.ts";
import {
  type StageOptions,
  say,
  stacksOfStage,
  stoppableTerraform,
  withLockTimeout,
  withStage,
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
    throw new WrongUsage(`${reviewed} cannot be read: ${oneLine(cause)}`);
  });
  const summary = parseSummary(text);
  if (summary.stage !== stage)
    throw new WrongUsage(`${reviewed} is a review of ${summary.stage}, not of ${stage}.`);
  return summary;
};

const confirm = async ({ stage, yes }: ApplyOptions, { stacks }: PlanSummary): Promise<void> => {
  for (const stack of stacks)
    say(
      `${stack.name}: ${statusText(stack, (name) => name)}${stack.hash ? ` (${stack.hash.slice(0, 12)})` : ""}`,
    );
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new WrongUsage("Nobody can be asked here: to apply what was reviewed, add --yes.");
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await question.question(`Apply this to ${stage}? Type the stage's name: `);
    if (answer.trim() !== stage) throw new CommandFailed("Nothing was applied.");
  } finally {
    question.close();
  }
};

const told = ({ applied, unchanged, next }: AppliedStage, directory: string): string => {
  const waiting = next?.stacks.filter(({ status }) => status !== "unchanged") ?? [];
  return [
    `Applied: ${applied.join(", ") || "nothing"}. Unchanged: ${unchanged.join(", ") || "nothing"}.`,
    ...waiting.map((stack) => `${stack.name} awaits its own approval: ${statusText(stack, (name) => name)}`),
    ...(waiting.length === 0
      ? []
      : [`Review ${directory}/comment.md; then: npx reelway apply --reviewed ${directory}/summary.json …`]),
    "",
  ].join("\n");
};

const apply = async (options: ApplyOptions): Promise<void> => {
  const { stage, next: directory, lockTimeout, json } = options;
  const reviewed = await readReview(options);
  const stacks = await stacksOfStage(options);
  await confirm(options, reviewed);
  const outcome = await applyStage(stacks, reviewed, {
    open: stoppableTerraform(),
    ...(lockTimeout !== undefined && { lockTimeout }),
    onStack: ({ name }) => say(`Planning ${name}`),
    onApply: ({ name }) => say(`Applying ${name}: planned as reviewed`),
  }).catch((cause: unknown) => {
    if (!(cause instanceof NotAsReviewed)) throw cause;
    for (const line of cause.differences) say(`  ${line}`);
    throw new CommandFailed(
      `${cause.stackName} is not planned as it was reviewed, and was not applied. Review it anew: npx reelway plan --stage ${stage} --out DIR`,
      { cause },
    );
  });
  const next =
    outcome.next &&
    (await writePlanFiles(
      outcome.next.planned,
      {
        directory,
        stage,
        commit: await checkedOutCommit(process.cwd()),
        run: currentRun(process.env),
        kind: "next",
      },
      outcome.next.done,
    ));
  const { applied, unchanged } = outcome;
  process.stdout.write(
    json ? jsonText({ applied, unchanged, next: next ?? null }) : told(outcome, directory),
  );
};

/** `reelway apply` */
export const applyCommand = (): Command =>
  withLockTimeout(
    withStage(
      new Command("apply")
        .description("apply of a stage just what was reviewed; stop where the plan is another")
        .requiredOption("--reviewed <file>", "summary.json of the review")
        .option("--next <dir>", "folder for the review of what awaits its own approval", parseFolder, "next")
        .option("--yes", "do not ask")
        .option("--json", "print one JSON document"),
    ),
  ).action(apply);
