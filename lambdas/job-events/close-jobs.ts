import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { parseTaskStateChange } from "../../pipeline/events/task-state-change.ts";
import { parseTranscoderNotifications } from "../../pipeline/events/transcoder-notification.ts";
import {
  applyTranscoderNotification,
  type TranscoderStatePorts,
} from "../../pipeline/jobs/apply-transcoder-state.ts";
import { handleTaskStateChange } from "../../pipeline/jobs/handle-task-state-change.ts";

/**
 * Closes jobs by what their engines tell: ECS task state changes and Elastic Transcoder's notifications, by
 * themselves or as messages of a queue (an SNS subscription with raw delivery or without), whose failures are
 * answered one by one.
 */
export const createJobEventsHandler = (
  ports: TranscoderStatePorts,
): ((event: unknown) => Promise<BatchResponse>) => {
  const handleEvent = async (content: unknown): Promise<void> => {
    const state = parseTaskStateChange(content);
    if (state !== undefined) return handleTaskStateChange(ports, state);
    const notifications = parseTranscoderNotifications(content);
    if (notifications === undefined) {
      ports.log.warn("An event is neither a task state change nor a notification of the transcoder");
      return;
    }
    for (const notification of notifications) await applyTranscoderNotification(ports, notification);
  };
  return (event) => handleMessages(event, ports.log, handleEvent);
};
