import { appendFile } from "node:fs/promises";
import type { Notification, Notifier } from "../../pipeline/ports/services.ts";

/** Publishes into a log file, a JSON document a line, and to the subscribers of this process. */
export const createLocalNotifier = (
  logFile: string,
  subscriber: (topic: string, notification: Notification) => Promise<void>,
): Notifier => ({
  async publish(topic, notification) {
    await appendFile(
      logFile,
      `${JSON.stringify({ at: new Date().toISOString(), topic, ...notification })}\n`,
    );
    await subscriber(topic, notification);
  },
});
