import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";

/** Items per call, the limit of BatchWriteItem. */
const batchSize = 25;

/** Writes items to a table of the embedded database. @throws Error if an item is not written */
export const writeItems = async (
  client: DynamoDBClient,
  table: string,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<void> => {
  for (let at = 0; at < items.length; at += batchSize) {
    const requests = items
      .slice(at, at + batchSize)
      .map((item) => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
    const { UnprocessedItems: unprocessed = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
    );
    if (Object.keys(unprocessed).length > 0) throw new Error("The database did not write all items.");
  }
};
