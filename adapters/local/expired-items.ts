import { DeleteItemCommand, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { TableDefinition } from "../../pipeline/ports/tables.ts";

const isConditionFailure = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === "ConditionalCheckFailedException";

/** Removes the items of a table that have expired, as DynamoDB's time to live does. Returns their number. */
export const removeExpiredItems = async (
  client: DynamoDBClient,
  tableName: string,
  { hashKey, rangeKey, ttlAttribute }: TableDefinition,
  now: Date,
): Promise<number> => {
  const expired = {
    ExpressionAttributeNames: { "#expires": ttlAttribute },
    ExpressionAttributeValues: { ":now": { N: String(Math.floor(now.getTime() / 1000)) } },
  };
  let count = 0;
  for await (const { Items: items = [] } of paginateScan(
    { client },
    { TableName: tableName, FilterExpression: "#expires < :now", ...expired },
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
            ConditionExpression: "#expires < :now",
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
