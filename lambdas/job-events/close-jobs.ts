import { parseTaskStateChange } from "../../pipeline/events/task-state-change.ts";
import { parseTranscoderNotifications } from "../../pipeline/events/transcoder-notification.ts";
import { settleTask } from "../../pipeline/jobs/settle-task.ts";
import { settleNotification, type TranscoderEndPorts } from "../../pipeline/jobs/settle-transcoder-job.ts";

/**
 * Closes jobs by what their engines tell: ECS task state changes and Elastic Transcoder's notifications.
 * Rejects where another delivery of the event may mend the failure.
 */
export const createJobEvents =
  (ports: TranscoderEndPorts): ((event: unknown) => Promise<void>) =>
  async (event) => {
    const state = parseTaskStateChange(event);
    if (state !== undefined) return settleTask(ports, state);
    const notifications = parseTranscoderNotifications(event);
    if (notifications === undefined) {
      ports.log.warn("An event is neither a task state change nor a notification of the transcoder");
      return;
    }
    for (const notification of notifications) await settleNotification(ports, notification);
  };
