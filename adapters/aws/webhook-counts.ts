import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "../../pipeline/schema/z.ts";
import type { WebhookFailure, WebhookStatus } from "../../pipeline/webhooks/webhook-store.ts";
import { marshallOptions } from "./item-expressions.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Prefix of the items' keys in the `jobs` table; the name of the webhook follows. */
const keyPrefix = "webhook#";

const countsSchema = z.object({
  delivered: z._default(z.int(), 0),
  lastDeliveredAt: z.optional(z.string()),
  lastFailure: z.optional(z.object({ at: z.string(), status: z.optional(z.int()), reason: z.string() })),
});

/** The counts of webhooks: one item each, in the `jobs` table. */
export interface WebhookCounts {
  countDelivery(webhook: string, at: string): Promise<void>;
  recordFailure(webhook: string, failure: WebhookFailure): Promise<void>;
  read(webhook: string): Promise<Omit<WebhookStatus, "pending" | "deadLetter">>;
}

/** Creates the counts of webhooks. All methods throw StoreFailure. */
export const createWebhookCounts = (client: DynamoDBClient, tableName: string): WebhookCounts => {
  const update = async (webhook: string, expression: string, values: Readonly<Record<string, unknown>>) => {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: marshall({ id: `${keyPrefix}${webhook}` }),
          UpdateExpression: expression,
          ExpressionAttributeValues: marshall(values, marshallOptions),
        }),
      );
    } catch (cause) {
      throw toStoreFailure(`Updating the counts of webhook ${webhook} in table ${tableName} failed`, cause);
    }
  };
  return {
    countDelivery: (webhook, at) =>
      update(webhook, "SET lastDeliveredAt = :at ADD delivered :one", { ":at": at, ":one": 1 }),
    recordFailure: (webhook, failure) =>
      update(webhook, "SET lastFailure = :failure", { ":failure": failure }),
    async read(webhook) {
      try {
        const { Item: item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: marshall({ id: `${keyPrefix}${webhook}` }) }),
        );
        return countsSchema.parse(item === undefined ? {} : unmarshall(item));
      } catch (cause) {
        throw toStoreFailure(
          `Reading the counts of webhook ${webhook} from table ${tableName} failed`,
          cause,
        );
      }
    },
  };
};
