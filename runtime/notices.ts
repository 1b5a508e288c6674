import type { DatabaseEvents } from "../adapters/local/embedded-dynamodb.ts";
import type { CommandFailed } from "../pipeline/errors/user-error.ts";
import type { Log } from "../pipeline/ports/services.ts";
import { formatBytes } from "../pipeline/text/format.ts";
import { pauseBelowBytes, type startDiskWatch } from "./disk-watch.ts";
import { damagedDatabase } from "./start-failure.ts";

interface Notices {
  /** Gets a line for the person at the terminal. */
  readonly notify: (line: string) => void;
  readonly log: Log;
}

/** What a person reads when the database stops to work, and when it works again. */
export const databaseNotices = (
  directory: string,
  { notify, log, fail }: Notices & { readonly fail: (failure: CommandFailed) => void },
): DatabaseEvents => ({
  onUnavailable(failure) {
    log.error("The database cannot be used", { cause: failure.message });
    notify(`${failure.message} Work pauses and continues by itself when the database can be used again.`);
  },
  onAvailable() {
    log.info("The database can be used again");
    notify("The database can be used again. Work continues.");
  },
  onDamaged(failure) {
    log.error("The database is damaged", { cause: failure.message });
    fail(damagedDatabase(directory, failure));
  },
});

/** What a person reads when the disk is full, and when there is room again. */
export const diskNotices = (
  directory: string,
  { notify, log }: Notices,
): Pick<Parameters<typeof startDiskWatch>[0], "onFull" | "onRoom"> => ({
  onFull(space) {
    log.warn("The disk of the data folder is full; no new work starts", { ...space });
    notify(
      `The disk of ${directory} is full: ${formatBytes(space.freeBytes)} free, ${formatBytes(pauseBelowBytes(space))} needed. New files wait and no new job starts. Free some space: work then continues by itself.`,
    );
  },
  onRoom(space) {
    log.info("The disk of the data folder has room again", { ...space });
    notify(`The disk of ${directory} has room again: ${formatBytes(space.freeBytes)} free. Work continues.`);
  },
});
