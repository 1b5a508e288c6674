import type { Notification, Notifier } from "../../pipeline/ports/notifier.ts";
import { openJsonLines } from "./json-lines.ts";

/** Creates a notifier that writes to a JSON Lines file and calls the subscribers of this process. */
export const createLocalNotifier = (
  logFile: string,
  notifySubscribers: (topic: string, notification: Notification) => Promise<void>,
): Notifier => {
  const lines = openJsonLines(logFile);
  return {
    async publish(topic, notification) {
      await lines.append(JSON.stringify({ at: new Date().toISOString(), topic, ...notification }));
      await notifySubscribers(topic, notification);
    },
  };
};
