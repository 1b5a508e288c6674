import { openDatabase } from "../../adapters/local/database.ts";
import { DatabaseFailure } from "../../adapters/local/database-error.ts";

/** Reports to its parent process why a database cannot be opened. */
const [, , directory] = process.argv;
const answer = await openDatabase({ directory }).then(
  () => "opened",
  (cause: unknown) =>
    cause instanceof DatabaseFailure ? { kind: cause.kind, message: cause.message } : String(cause),
);
process.send?.(answer, () => process.exit());
