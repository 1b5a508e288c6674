import { DeleteItemCommand, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { TableDefinition } from "../../pipeline/ports/tables.ts";

const isConditionFailure = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === "ConditionalCheckFailedException";

/**
 * Removes the items of a table that have expired, as DynamoDB's time to live does.
 *
 * @param attribute removes only items that have this attribute
 * @returns number of removed items
 */
export const removeExpiredItems = async (
  client: DynamoDBClient,
  tableName: string,
  { hashKey, rangeKey, ttlAttribute }: TableDefinition,
  now: Date,
  attribute = ttlAttribute,
): Promise<number> => {
  const expired = {
    ExpressionAttributeNames: { "#expires": ttlAttribute, "#attribute": attribute },
    ExpressionAttributeValues: { ":now": { N: String(Math.floor(now.getTime() / 1000)) } },
  };
  const condition = "#expires < :now AND attribute_exists(#attribute)";
  let count = 0;
  for await (const { Items: items = [] } of paginateScan(
    { client },
    { TableName: tableName, FilterExpression: condition, ...expired },
  ))
    for (const item of items) {
      const names = rangeKey === undefined ? [hashKey] : [hashKey, rangeKey];
      const key = Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
      try {
        // An item may have been renewed since it was read.
        await client.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: key,
            ConditionExpression: condition,
            ...expired,
          }),
        );
        count += 1;
      } catch (cause) {
        if (!isConditionFailure(cause)) throw cause;
      }
    }
  return count;
};
