import type { DatabaseEvents } from "../adapters/local/embedded-dynamodb.ts";
import type { CommandError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import { formatBytes } from "../pipeline/text/format.ts";
import { getPauseThresholdBytes, type startDiskWatch } from "./disk-watch.ts";
import { createDamagedDatabaseError } from "./start-error.ts";

interface NoticeOptions {
  /** Prints a line on the terminal. */
  readonly notify: (line: string) => void;
  readonly log: Logger;
}

/** Creates the notices for a database that becomes unavailable, available again, or damaged. */
export const createDatabaseNotices = (
  directory: string,
  { notify, log, fail }: NoticeOptions & { readonly fail: (failure: CommandError) => void },
): DatabaseEvents => ({
  onUnavailable(failure) {
    log.error("The database is unavailable", { error: failure });
    notify(`${failure.message} Work pauses and resumes when the database is available again.`);
  },
  onAvailable() {
    log.info("The database is available again");
    notify("The database is available again. Work resumes.");
  },
  onDamaged(failure) {
    log.error("The database is damaged", { error: failure });
    fail(createDamagedDatabaseError(directory, failure));
  },
});

/** Creates the notices for a disk that becomes full, and that has space again. */
export const createDiskNotices = (
  directory: string,
  { notify, log }: NoticeOptions,
): Pick<Parameters<typeof startDiskWatch>[0], "onFull" | "onSpaceAvailable"> => ({
  onFull(space) {
    log.warn("The disk of the data folder is full; no new work starts", { ...space });
    notify(
      `The disk of ${directory} is full: ${formatBytes(space.freeBytes)} free, ${formatBytes(getPauseThresholdBytes(space))} needed. New files and new jobs wait. Free some space; work then resumes.`,
    );
  },
  onSpaceAvailable(space) {
    log.info("The disk of the data folder has space again", { ...space });
    notify(`The disk of ${directory} has space again: ${formatBytes(space.freeBytes)} free. Work resumes.`);
  },
});
