import { Command, CommanderError } from "commander";
import { systemCode } from "../adapters/local/system-code.ts";
import { oneLine, WrongUsage } from "../pipeline/errors/user-error.ts";
import { printable } from "../pipeline/text/format.ts";
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
import { putCommand } from "./commands/put.ts";
import { repairCommand } from "./commands/repair.ts";
import { retryCommand } from "./commands/retry.ts";
import { reviewCommand } from "./commands/review.ts";
import { smokeCommand } from "./commands/smoke.ts";
import { startCommand } from "./commands/start.ts";
import { transcoderCommand } from "./commands/transcoder.ts";

// Who reads the output may leave before its end, as `head` does; a runtime goes on without a terminal.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (cause) => {
    if (systemCode(cause) !== "EPIPE") throw cause;
  });

// What nobody has caught, e.g. the embedded database's complaint of a full disk: said in a line, as the rest is.
process.on("uncaughtException", (cause) => {
  process.stderr.write(`reelway: something failed that should not: ${printable(oneLine(cause))}\n`);
  process.exit(1);
});

const program = new Command("reelway")
  .description("Turns uploads into playable media, whole on this machine.")
  .showHelpAfterError("(add --help for what there is)");

for (const command of [
  startCommand,
  demoCommand,
  doctorCommand,
  putCommand,
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
const settle = (command: Command): void => {
  command.exitOverride();
  for (const part of command.commands) settle(part.copyInheritedSettings(command));
};
settle(program);

try {
  await program.parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError)
    // Commander has told what is wrong; help that was asked for is no mistake.
    process.exitCode = cause.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`reelway: ${printable(oneLine(cause))}\n`);
    process.exitCode = cause instanceof WrongUsage ? 2 : 1;
  }
}
