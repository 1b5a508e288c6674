import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoResponseStore } from "../adapters/aws/response-store.ts";
import { localTableNames } from "../adapters/local/database.ts";
import { removeExpiredItems } from "../adapters/local/expired-items.ts";
import type { CreatedObject } from "../adapters/local/object-store.ts";
import { createLocalQueue } from "../adapters/local/queue.ts";
import { createResponseEventsHandler } from "../lambdas/response-events/follow-uploads.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { responsesTable } from "../pipeline/ports/tables.ts";
import { responsesPrefix } from "../pipeline/responses/response-request.ts";
import type { ResponseStore } from "../pipeline/responses/response-store.ts";
import { createObjectCreatedEvent } from "./upload-events.ts";

/** The responses of one machine. */
export interface LocalResponses {
  readonly store: ResponseStore;
  /** Queues the event of an upload for the function response-events. */
  sendUpload(object: CreatedObject): void;
  /** Passes a message of the topic of finished jobs to the function response-events. */
  sendFinishedJob(message: unknown): Promise<void>;
  /** Removes requests whose upload never came. Returns their number. */
  removeExpired(): Promise<number>;
  close(): void;
}

/** Opens the responses of one machine with the function response-events and its queue. */
export const openResponses = (
  client: DynamoDBClient,
  ports: Pick<JobPorts, "configuration" | "inputBucket" | "jobs" | "clock" | "log">,
): LocalResponses => {
  const store = createDynamoResponseStore(client, localTableNames.responses);
  const handle = createResponseEventsHandler({ ...ports, responses: store });
  const uploads = createLocalQueue(async (event) => {
    await handle(event);
  }, ports.log);
  return {
    store,
    sendUpload(object) {
      if (object.key.startsWith(responsesPrefix)) void uploads.send(createObjectCreatedEvent(object));
    },
    async sendFinishedJob(message) {
      await handle(message);
    },
    removeExpired: () =>
      removeExpiredItems(client, localTableNames.responses, responsesTable, ports.clock.now()),
    close: uploads.close,
  };
};
