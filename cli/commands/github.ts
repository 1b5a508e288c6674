import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { systemCode } from "../../adapters/local/system-code.ts";
import { CommandFailed, oneLine } from "../../pipeline/errors/user-error.ts";
import { statusText } from "../../terraform/pull-request/comment.ts";
import { type GitHub, openGitHub } from "../../terraform/pull-request/github.ts";
import {
  findReview,
  mergedPull,
  putComment,
  workflowAuthor,
} from "../../terraform/pull-request/github-comment.ts";
import { settleDriftIssue } from "../../terraform/pull-request/github-issue.ts";
import { jsonText } from "../../terraform/pull-request/plan-files.ts";
import { hasWork, nothingReviewed, withDetails } from "../../terraform/pull-request/reviewed.ts";
import { hashesOnly, type PlanSummary, parseSummary } from "../../terraform/pull-request/summary.ts";
import { parseFolder } from "../arguments.ts";
import { parseCommit, parseStage, say } from "./stage.ts";

const parsePull = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("A pull request is its number.");
  return Number(text);
};

/** The file's text; undefined where there is none. */
const optional = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw new CommandFailed(`${path} cannot be read: ${oneLine(cause)}`, { cause });
  });

const required = async (path: string, maker: string): Promise<string> => {
  const text = await optional(path);
  if (text === undefined) throw new CommandFailed(`There is no file ${path}. Make it: ${maker}`);
  return text;
};

interface CommentOptions {
  readonly stage: string;
  readonly pull: number;
  readonly dir: string;
  readonly author: string;
}

const comment = async ({ stage, pull, dir, author }: CommentOptions): Promise<void> => {
  const body = await required(join(dir, "comment.md"), `npx reelway plan --stage ${stage} --out ${dir}`);
  const done = await putComment(openGitHub(), pull, body, author);
  process.stdout.write(`The plan of ${stage} was ${done} in pull request ${pull}.\n`);
};

/** What the review's hashes were made of, while the run's artifact is kept. */
const details = async (
  github: GitHub,
  { run, stage }: PlanSummary,
  kind: "plan" | "next",
): Promise<PlanSummary | undefined> => {
  if (run === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "reelway-artifact-"));
  try {
    if (!(await github.download(run, `${kind}-${stage}`, folder))) return undefined;
    const text = await optional(join(folder, "summary.json"));
    return text === undefined ? undefined : parseSummary(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface ReviewedOptions {
  readonly stage: string;
  readonly commit: string;
  readonly out: string;
  readonly author: string;
  readonly hashes?: string;
}

const reviewed = async ({ stage, commit, out, author, hashes }: ReviewedOptions): Promise<void> => {
  const github = openGitHub();
  let summary = nothingReviewed(stage);
  if (hashes) {
    const given = parseSummary(hashes);
    if (given.stage !== stage) throw new CommandFailed(`The hashes are of ${given.stage}, not of ${stage}.`);
    summary = withDetails(given, await details(github, given, "next"));
  } else {
    const found = await findReview(github, commit, stage, author);
    if (found.summary === undefined)
      say(`Nothing was reviewed: ${found.why}. Each stack awaits its own approval.`);
    else summary = withDetails(found.summary, await details(github, found.summary, "plan"));
  }
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, jsonText(summary));
  const lines = summary.stacks.map((stack) => `${stack.name}: ${statusText(stack, (name) => name)}`);
  process.stdout.write(`${lines.join("\n") || "nothing was reviewed"}\n`);
  // What whoever approves the environment sees of the run.
  const page = process.env.GITHUB_STEP_SUMMARY;
  if (page)
    await appendFile(
      page,
      [`## To be applied to ${stage}`, "", ...lines.map((line) => `- ${line}`), ""].join("\n"),
    );
  const outputs = process.env.GITHUB_OUTPUT;
  if (outputs) await appendFile(outputs, `work=${hasWork(summary)}\n`);
};

interface AgainOptions {
  readonly stage: string;
  readonly commit: string;
  readonly next: string;
  readonly author: string;
  readonly workflow: string;
  readonly ref: string;
}

const again = async ({ stage, commit, next, author, workflow, ref }: AgainOptions): Promise<void> => {
  const text = await optional(join(next, "summary.json"));
  if (text === undefined) {
    process.stdout.write(`Nothing of ${stage} awaits its own approval.\n`);
    return;
  }
  const summary = parseSummary(text);
  const body = await required(
    join(next, "comment.md"),
    `npx reelway apply --stage ${stage} --next ${next} …`,
  );
  const github = openGitHub();
  const pull = await mergedPull(github, commit);
  if (pull !== undefined) await putComment(github, pull.number, body, author);
  const page = process.env.GITHUB_STEP_SUMMARY;
  if (page) await appendFile(page, body);
  await github.send("POST", `actions/workflows/${workflow}/dispatches`, {
    ref,
    inputs: { stage, reviewed: JSON.stringify(hashesOnly(summary)) },
  });
  process.stdout.write(
    `${workflow} was started again for ${stage}; it waits for the environment's approval.\n`,
  );
};

const driftIssue = async ({
  stage,
  dir,
}: {
  readonly stage: string;
  readonly dir: string;
}): Promise<void> => {
  await required(join(dir, "drift.json"), `npx reelway drift --stage ${stage} --out ${dir}`);
  const done = await settleDriftIssue(openGitHub(), stage, await optional(join(dir, "drift.md")));
  process.stdout.write(
    done === "nothing" ? `${stage} has not drifted.\n` : `The issue on ${stage} was ${done}.\n`,
  );
};

const part = (name: string, description: string): Command =>
  new Command(name).description(description).requiredOption("--stage <name>", "stage", parseStage);
const author = (): Option =>
  new Option("--author <login>", "whose comments are ours").default(workflowAuthor);

/** `reelway github` */
export const githubCommand = (): Command =>
  new Command("github")
    .description("what the workflows tell GitHub, through the program gh")
    .addCommand(
      part("comment", "write a plan's comment into a pull request, or update it")
        .requiredOption("--pull <number>", "pull request", parsePull)
        .requiredOption("--dir <dir>", "folder that reelway plan wrote", parseFolder)
        .addOption(author())
        .action(comment),
    )
    .addCommand(
      part("reviewed", "find what was reviewed of a commit of main")
        .requiredOption("--commit <sha>", "the commit", parseCommit)
        .requiredOption("--out <file>", "where the review is written to")
        .addOption(
          new Option("--hashes <json>", "reviewed hashes, in place of a pull request's").env(
            "REELWAY_REVIEWED",
          ),
        )
        .addOption(author())
        .action(reviewed),
    )
    .addCommand(
      part("again", "show what awaits its own approval, and start the workflow that waits for it")
        .requiredOption("--commit <sha>", "the commit that was deployed", parseCommit)
        .requiredOption("--next <dir>", "folder that reelway apply wrote", parseFolder)
        .option("--workflow <file>", "workflow to start", "deploy.yml")
        .option("--ref <branch>", "branch it runs on", "main")
        .addOption(author())
        .action(again),
    )
    .addCommand(
      part("drift", "open, update or close the one issue on a stage's drift")
        .requiredOption("--dir <dir>", "folder that reelway drift wrote", parseFolder)
        .action(driftIssue),
    );
