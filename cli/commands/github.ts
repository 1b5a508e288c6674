import { Command, InvalidArgumentError, Option } from "commander";
import { workflowAuthor } from "../../terraform/pull-request/workflow-run.ts";
import type {
  CommentOptions,
  DriftIssueOptions,
  FindReviewOptions,
  RedispatchOptions,
} from "../actions/github.ts";
import { parseFolder } from "../arguments.ts";
import { parseCommit, parseStage } from "./stage.ts";

const parsePullNumber = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError("A pull request is given as its number, e.g. 12.");
  return Number(text);
};

const createSubcommand = (name: string, description: string): Command =>
  new Command(name).description(description).requiredOption("--stage <name>", "stage", parseStage);
const createAuthorOption = (): Option =>
  new Option("--author <login>", "login that writes the review comments").default(workflowAuthor);

/** `reelway github` */
export const githubCommand = (): Command =>
  new Command("github")
    .description("update pull requests, workflow runs and issues on GitHub; requires gh")
    .addCommand(
      createSubcommand("comment", "create or update the plan comment of a pull request")
        .requiredOption("--pull <number>", "pull request", parsePullNumber)
        .requiredOption("--dir <dir>", "output folder of reelway plan", parseFolder)
        .addOption(createAuthorOption())
        .action(async (options: CommentOptions) => (await import("../actions/github.ts")).comment(options)),
    )
    .addCommand(
      createSubcommand("find-review", "find the review of a commit on main")
        .requiredOption("--commit <sha>", "the commit", parseCommit)
        .requiredOption("--out <file>", "output file for the review")
        .addOption(
          new Option("--hashes <json>", "reviewed hashes to use instead of the pull request's").env(
            "REELWAY_REVIEWED",
          ),
        )
        .addOption(createAuthorOption())
        .action(async (options: FindReviewOptions) =>
          (await import("../actions/github.ts")).writeReviewSummary(options),
        ),
    )
    .addCommand(
      createSubcommand(
        "redispatch",
        "post the review of stacks that need another approval and dispatch the deploy workflow again",
      )
        .requiredOption("--commit <sha>", "the commit that was deployed", parseCommit)
        .requiredOption("--next <dir>", "--next folder of reelway apply", parseFolder)
        .option("--workflow <file>", "workflow to dispatch", "deploy.yml")
        .option("--ref <branch>", "branch it runs on", "main")
        .addOption(createAuthorOption())
        .action(async (options: RedispatchOptions) =>
          (await import("../actions/github.ts")).redispatch(options),
        ),
    )
    .addCommand(
      createSubcommand("drift", "open, update or close the drift issue of a stage")
        .requiredOption("--dir <dir>", "output folder of reelway drift", parseFolder)
        .action(async (options: DriftIssueOptions) =>
          (await import("../actions/github.ts")).updateDriftIssue(options),
        ),
    );
