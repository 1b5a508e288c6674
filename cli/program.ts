import { Command, Help, type Option } from "commander";
import { readPackageManifest } from "../build/package-manifest.ts";
import { applyCommand } from "./commands/apply.ts";
import { backfillCommand } from "./commands/backfill.ts";
import { bootstrapCommand } from "./commands/bootstrap.ts";
import { cancelCommand } from "./commands/cancel.ts";
import { channelsCommand } from "./commands/channels.ts";
import { demoCommand } from "./commands/demo.ts";
import { deployCommand } from "./commands/deploy.ts";
import { destroyCommand } from "./commands/destroy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { githubCommand } from "./commands/github.ts";
import { highlightsCommand } from "./commands/highlights.ts";
import { imageCommand } from "./commands/image.ts";
import { initCommand } from "./commands/init.ts";
import { jobCommand } from "./commands/job.ts";
import { jobsCommand } from "./commands/jobs.ts";
import { planCommand } from "./commands/plan.ts";
import { playbackKeysCommand } from "./commands/playback-keys.ts";
import { policyCommand } from "./commands/policy.ts";
import { redriveCommand } from "./commands/redrive.ts";
import { repairCommand } from "./commands/repair.ts";
import { retryCommand } from "./commands/retry.ts";
import { reviewCommand } from "./commands/review.ts";
import { smokeCommand } from "./commands/smoke.ts";
import { startCommand } from "./commands/start.ts";
import { synthCommand } from "./commands/synth.ts";
import { tokensCommand } from "./commands/tokens.ts";
import { transcoderCommand } from "./commands/transcoder.ts";
import { uploadCommand } from "./commands/upload.ts";
import { usersCommand } from "./commands/users.ts";
import { webhooksCommand } from "./commands/webhooks.ts";

/** Whether the default value of an option says nothing. */
export const hasEmptyDefault = ({ defaultValue }: Option): boolean =>
  defaultValue === undefined ||
  defaultValue === "" ||
  (typeof defaultValue === "object" && Object.keys(defaultValue ?? {}).length === 0);

/** Describes an option for the help. */
const describeOption = (option: Option): string =>
  hasEmptyDefault(option) && option.argChoices === undefined && option.envVar === undefined
    ? option.description
    : Help.prototype.optionDescription(option);

/** Applies the parent's settings to all subcommands; errors are thrown instead of ending the process. */
const inheritSettings = (command: Command): void => {
  command.exitOverride();
  for (const subcommand of command.commands) inheritSettings(subcommand.copyInheritedSettings(command));
};

/** Creates the `reelway` program with all its commands. `docs/cli.md` is generated from it. */
export const createProgram = (): Command => {
  const program = new Command("reelway")
    .description("Turn uploads into playable media, in your AWS account or on this machine.")
    .version(readPackageManifest().version, "--version", "show the version")
    .option("--verbose", "show the causes and stack traces of an error")
    .configureHelp({ showGlobalOptions: true, optionDescription: describeOption })
    .showHelpAfterError("(run with --help for usage)");
  for (const command of [
    initCommand,
    startCommand,
    demoCommand,
    doctorCommand,
    uploadCommand,
    jobsCommand,
    jobCommand,
    cancelCommand,
    retryCommand,
    redriveCommand,
    backfillCommand,
    repairCommand,
    channelsCommand,
    highlightsCommand,
    transcoderCommand,
    usersCommand,
    tokensCommand,
    webhooksCommand,
    smokeCommand,
    synthCommand,
    policyCommand,
    bootstrapCommand,
    imageCommand,
    playbackKeysCommand,
    deployCommand,
    destroyCommand,
    planCommand,
    applyCommand,
    driftCommand,
    githubCommand,
    reviewCommand,
  ])
    program.addCommand(command());
  inheritSettings(program);
  return program;
};
