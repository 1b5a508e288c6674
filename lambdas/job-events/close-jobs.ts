import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { parseTaskStateChange } from "../../pipeline/events/task-state-change.ts";
import { parseTranscoderNotifications } from "../../pipeline/events/transcoder-notification.ts";
import {
  applyTranscoderNotification,
  type TranscoderStatePorts,
} from "../../pipeline/jobs/apply-transcoder-state.ts";
import { handleTaskStateChange } from "../../pipeline/jobs/handle-task-state-change.ts";

/**
 * Creates the handler that closes jobs after events of their engines: ECS task state changes and Elastic Transcoder
 * notifications. They arrive directly or in SQS messages (an SNS subscription with or without raw delivery), whose
 * failures are reported individually.
 */
export const createJobEventsHandler = (
  ports: TranscoderStatePorts,
): ((event: unknown) => Promise<BatchResponse>) => {
  const handleEvent = async (content: unknown): Promise<void> => {
    const state = parseTaskStateChange(content);
    if (state !== undefined) return handleTaskStateChange(ports, state);
    const notifications = parseTranscoderNotifications(content);
    if (notifications === undefined) {
      ports.log.warn("Unexpected event: neither a task state change nor a transcoder notification");
      return;
    }
    for (const notification of notifications) await applyTranscoderNotification(ports, notification);
  };
  return (event) => handleMessages(event, ports.log, handleEvent);
};
