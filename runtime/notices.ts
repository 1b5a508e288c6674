import type { DatabaseEvents } from "../adapters/local/embedded-dynamodb.ts";
import type { CommandError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import { formatBytes } from "../pipeline/text/format.ts";
import { getPauseThresholdBytes, type startDiskWatch } from "./disk-watch.ts";
import { createDamagedDatabaseError } from "./start-error.ts";

interface NoticeOptions {
  /** Gets a line for the person at the terminal. */
  readonly notify: (line: string) => void;
  readonly log: Logger;
}

/** What a person reads when the database stops to work, and when it works again. */
export const createDatabaseNotices = (
  directory: string,
  { notify, log, fail }: NoticeOptions & { readonly fail: (failure: CommandError) => void },
): DatabaseEvents => ({
  onUnavailable(failure) {
    log.error("The database cannot be used", { error: failure });
    notify(`${failure.message} Work pauses and continues by itself when the database can be used again.`);
  },
  onAvailable() {
    log.info("The database can be used again");
    notify("The database can be used again. Work continues.");
  },
  onDamaged(failure) {
    log.error("The database is damaged", { error: failure });
    fail(createDamagedDatabaseError(directory, failure));
  },
});

/** What a person reads when the disk is full, and when there is room again. */
export const createDiskNotices = (
  directory: string,
  { notify, log }: NoticeOptions,
): Pick<Parameters<typeof startDiskWatch>[0], "onFull" | "onSpaceAvailable"> => ({
  onFull(space) {
    log.warn("The disk of the data folder is full; no new work starts", { ...space });
    notify(
      `The disk of ${directory} is full: ${formatBytes(space.freeBytes)} free, ${formatBytes(getPauseThresholdBytes(space))} needed. New files wait and no new job starts. Free some space: work then continues by itself.`,
    );
  },
  onSpaceAvailable(space) {
    log.info("The disk of the data folder has room again", { ...space });
    notify(`The disk of ${directory} has room again: ${formatBytes(space.freeBytes)} free. Work continues.`);
  },
});
