import { CommanderError } from "commander";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { formatError, UsageError } from "../pipeline/errors/errors.ts";
import { toPrintable } from "../pipeline/text/format.ts";
import { createProgram } from "./program.ts";

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

try {
  await createProgram().parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError)
    // Commander has told what is wrong; help that was asked for is no mistake.
    process.exitCode = cause.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`reelway: ${toPrintable(formatError(cause))}\n`);
    process.exitCode = cause instanceof UsageError ? 2 : 1;
  }
}
