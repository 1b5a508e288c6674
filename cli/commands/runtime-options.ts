import { type Command, Option } from "commander";
import { jobStatuses } from "../../pipeline/attempts/job-status.ts";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import { parseFolder, parseInteger, parseNumberBetween, parsePort, parseTimeOrAge } from "../arguments.ts";
import { parseStage } from "./stage.ts";

/** Adds `--data` to a command. */
export const withDataOption = (command: Command): Command =>
  command.option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder);

/** Adds `--data` and `--stage` to a command. */
export const withAccountsOptions = (command: Command): Command =>
  withDataOption(command).addOption(
    new Option("--stage <stage>", "a stage on AWS, instead of the runtime on this machine").conflicts("data"),
  );

/** Adds `--data` and `--port` to a command. */
export const withRuntimeOptions = (command: Command): Command =>
  withDataOption(command).option(
    "--port <n>",
    "port of the runtime (default: the port recorded in its data folder)",
    parsePort,
  );

/** Adds `--stage`, `--data` and `--port` to a command. */
export const withStageOrRuntimeOptions = (command: Command): Command =>
  withRuntimeOptions(
    command.addOption(
      new Option(
        "--stage <name>",
        "a stage on AWS, with your AWS credentials, instead of the runtime on this machine",
      )
        .argParser(parseStage)
        .conflicts(["data", "port"]),
    ),
  );

/** Adds the filters of jobs to a command. */
export const withJobFilterOptions = (command: Command): Command =>
  command
    .addOption(new Option("--status <status>", "only jobs with this status").choices(jobStatuses))
    .option("--route <name>", "only jobs of this route")
    .option("--error-code <n>", "only jobs that failed with this error code", parseInteger)
    .option(
      "--since <time>",
      "only jobs created since then: an age such as 90m, 12h or 3d, or a time (ISO 8601)",
      parseTimeOrAge,
    )
    .option("--until <time>", "only jobs created before then: an age or a time", parseTimeOrAge);

/** Adds the options of a command that changes one job or all that match filters. */
export const withBulkOptions = (command: Command): Command =>
  withStageOrRuntimeOptions(
    withJobFilterOptions(command)
      .option("--limit <n>", "maximum number of jobs, the newest first", parseNumberBetween(1, 100_000, true))
      .option("--yes", "do not ask")
      .option("--json", "print one JSON document"),
  );
