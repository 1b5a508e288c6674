import { Command, CommanderError } from "commander";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { formatError, UsageError } from "../pipeline/errors/errors.ts";
import { toPrintable } from "../pipeline/text/format.ts";
import { applyCommand } from "./commands/apply.ts";
import { bootstrapCommand } from "./commands/bootstrap.ts";
import { cancelCommand } from "./commands/cancel.ts";
import { demoCommand } from "./commands/demo.ts";
import { deployCommand } from "./commands/deploy.ts";
import { destroyCommand } from "./commands/destroy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { githubCommand } from "./commands/github.ts";
import { imageCommand } from "./commands/image.ts";
import { jobCommand } from "./commands/job.ts";
import { jobsCommand } from "./commands/jobs.ts";
import { planCommand } from "./commands/plan.ts";
import { policyCommand } from "./commands/policy.ts";
import { repairCommand } from "./commands/repair.ts";
import { retryCommand } from "./commands/retry.ts";
import { reviewCommand } from "./commands/review.ts";
import { smokeCommand } from "./commands/smoke.ts";
import { startCommand } from "./commands/start.ts";
import { transcoderCommand } from "./commands/transcoder.ts";
import { uploadCommand } from "./commands/upload.ts";

// Who reads the output may leave before its end, as `head` does; a runtime goes on without a terminal.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (cause) => {
    if (getSystemErrorCode(cause) !== "EPIPE") throw cause;
  });

// What nobody has caught, e.g. the embedded database's complaint of a full disk: said in a line, as the rest is.
process.on("uncaughtException", (cause) => {
  process.stderr.write(`reelway: something failed that should not: ${toPrintable(formatError(cause))}\n`);
  process.exit(1);
});

const program = new Command("reelway")
  .description("Turns uploads into playable media, whole on this machine.")
  .showHelpAfterError("(add --help for what there is)");

for (const command of [
  startCommand,
  demoCommand,
  doctorCommand,
  uploadCommand,
  jobsCommand,
  jobCommand,
  cancelCommand,
  retryCommand,
  repairCommand,
  transcoderCommand,
  smokeCommand,
  policyCommand,
  bootstrapCommand,
  imageCommand,
  deployCommand,
  destroyCommand,
  planCommand,
  applyCommand,
  driftCommand,
  githubCommand,
  reviewCommand,
])
  program.addCommand(command());

/** A command takes after the one it stands in, and leaves the exit to this program. */
const inheritSettings = (command: Command): void => {
  command.exitOverride();
  for (const subcommand of command.commands) inheritSettings(subcommand.copyInheritedSettings(command));
};
inheritSettings(program);

try {
  await program.parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError)
    // Commander has told what is wrong; help that was asked for is no mistake.
    process.exitCode = cause.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`reelway: ${toPrintable(formatError(cause))}\n`);
    process.exitCode = cause instanceof UsageError ? 2 : 1;
  }
}
