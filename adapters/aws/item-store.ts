import { setTimeout as pause } from "node:timers/promises";
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { Item } from "./item.ts";
import {
  buildProjection,
  buildQueryExpression,
  buildUpdateExpression,
  type ItemQuery,
  type ItemUpdate,
  marshallOptions,
} from "./item-expressions.ts";
import { toTableFailure } from "./store-failure.ts";
import { createWriteToken, findEarlierWrite, isPossiblyRetried, writeTokenAttribute } from "./write-token.ts";

const isConditionFailure = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === "ConditionalCheckFailedException";

/** Attribute that only the counts of `incrementBelowLimit` have. */
export const countAttribute = "usedCount";

/** Keys that one BatchGetItem takes (API reference). */
export const maxBatchKeys = 100;
/** Calls in a row that return no item because of throttling, after which a batch fails. */
const maxThrottledBatches = 6;

/** Key of an item: the value of `id`, or the values of a table's own key attributes. */
type ItemKey = string | Readonly<Record<string, string>>;

/** A condition of a write that is not an update. */
type ItemCondition = Required<Pick<ItemUpdate, "condition">> & Pick<ItemUpdate, "names" | "values">;

const toKeyAttributes = (key: ItemKey): Readonly<Record<string, string>> =>
  typeof key === "string" ? { id: key } : key;
const formatKey = (key: ItemKey): string => (typeof key === "string" ? key : Object.values(key).join(" "));

/**
 * Creates the basic operations on a table.
 *
 * @param keyAttributes hash key, and range key if the table has one
 */
export const createItemStore = (
  client: DynamoDBClient,
  tableName: string,
  keyAttributes: readonly [hashKey: string, rangeKey?: string] = ["id"],
) => {
  const getKey = (item: Item): Readonly<Record<string, string>> =>
    Object.fromEntries(
      keyAttributes.flatMap((name) => (name === undefined ? [] : [[name, String(item[name])]])),
    );
  /** Removes the second entry of a list that is too long. Returns the resulting item. */
  const trim = async (
    item: Item,
    { attribute, maxEntries }: NonNullable<ItemUpdate["append"]>,
  ): Promise<Item> => {
    const list = item[attribute];
    if (!Array.isArray(list) || list.length <= maxEntries) return item;
    await client
      .send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: marshall(getKey(item)),
          UpdateExpression: "REMOVE #list[1]",
          ConditionExpression: "size(#list) > :most",
          ExpressionAttributeNames: { "#list": attribute },
          ExpressionAttributeValues: marshall({ ":most": maxEntries }),
        }),
      )
      // The update itself succeeded. The next entry shortens the list.
      .catch(() => undefined);
    return { ...item, [attribute]: [...list.slice(0, 1), ...list.slice(1 - maxEntries)] };
  };
  /** Reads an item, consistently. @param attributes those to return; all if absent */
  const get = async (key: ItemKey, attributes?: readonly string[]): Promise<Item | undefined> => {
    try {
      const { Item: item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: marshall(toKeyAttributes(key)),
          ConsistentRead: true,
          ...(attributes && buildProjection(attributes)),
        }),
      );
      return item === undefined ? undefined : unmarshall(item);
    } catch (cause) {
      throw toTableFailure(`Reading ${formatKey(key)} from table ${tableName} failed`, cause);
    }
  };
  /** Reads up to 100 items; keys that are not processed are requested again. */
  const getBatch = async (
    ids: readonly string[],
    attributes: readonly string[] | undefined,
  ): Promise<readonly Item[]> => {
    const items: Item[] = [];
    const projection = attributes && buildProjection(attributes);
    let keys = ids.map((id) => marshall({ id }));
    for (let throttledCount = 0; throttledCount < maxThrottledBatches; ) {
      const { Responses: responses, UnprocessedKeys: unprocessed } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ...projection } } }),
      );
      for (const item of responses?.[tableName] ?? []) items.push(unmarshall(item));
      const unprocessedKeys = unprocessed?.[tableName]?.Keys ?? [];
      if (unprocessedKeys.length === 0) return items;
      // A part of the keys is left if the response would be over 16 MB, all of them if the table is throttled.
      const isThrottled = unprocessedKeys.length === keys.length;
      keys = unprocessedKeys;
      throttledCount = isThrottled ? throttledCount + 1 : 0;
      if (isThrottled) await pause(Math.random() * 25 * 2 ** throttledCount);
    }
    throw new StoreFailure("transient", `Table ${tableName} throttles reads. Retry the call.`);
  };
  const batchGet = async (
    ids: readonly string[],
    attributes?: readonly string[],
  ): Promise<ReadonlyMap<string, Item>> => {
    const uniqueIds = [...new Set(ids)];
    const batches: Promise<readonly Item[]>[] = [];
    for (let at = 0; at < uniqueIds.length; at += maxBatchKeys)
      batches.push(getBatch(uniqueIds.slice(at, at + maxBatchKeys), attributes));
    try {
      return new Map((await Promise.all(batches)).flat().map((item) => [String(item.id), item]));
    } catch (cause) {
      throw toTableFailure(`Reading ${ids.length} items from table ${tableName} failed`, cause);
    }
  };
  return {
    get,

    /** The items of these ids, values of the hash key `id`, by id. Eventually consistent. */
    batchGet,

    /** Which of these ids, values of the hash key `id`, have an item. Eventually consistent. */
    findExisting: async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set((await batchGet(ids, ["id"])).keys()),

    /** Returns false if an item with this key exists. */
    async putIfAbsent(item: Item): Promise<boolean> {
      const token = createWriteToken();
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: marshall({ ...item, [writeTokenAttribute]: token }, marshallOptions),
            ConditionExpression: `attribute_not_exists(${keyAttributes[0]})`,
          }),
        );
        return true;
      } catch (cause) {
        if (isConditionFailure(cause))
          return (await findEarlierWrite(() => get(getKey(item)), token, cause)) !== undefined;
        throw toTableFailure(`Writing ${formatKey(getKey(item))} to table ${tableName} failed`, cause);
      }
    },

    /**
     * Writes an item, whole. Returns false if the condition is not met. The condition must allow the same item again, so that
     * a request can be repeated whose response was lost.
     */
    async putIf(item: Item, { condition, names, values }: ItemCondition): Promise<boolean> {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: marshall(item, marshallOptions),
            ConditionExpression: condition,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: marshall(values ?? {}),
          }),
        );
        return true;
      } catch (cause) {
        if (isConditionFailure(cause)) return false;
        throw toTableFailure(`Writing ${formatKey(getKey(item))} to table ${tableName} failed`, cause);
      }
    },

    /** Returns the changed item; undefined if the condition fails. */
    async update(key: ItemKey, itemUpdate: ItemUpdate): Promise<Item | undefined> {
      const token = createWriteToken();
      try {
        const { Attributes: attributes } = await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: marshall(toKeyAttributes(key)),
            ...buildUpdateExpression(itemUpdate, token),
            ReturnValues: "ALL_NEW",
          }),
        );
        const item = attributes === undefined ? undefined : unmarshall(attributes);
        return item === undefined || itemUpdate.append === undefined
          ? item
          : await trim(item, itemUpdate.append);
      } catch (cause) {
        if (isConditionFailure(cause)) return findEarlierWrite(() => get(key), token, cause);
        throw toTableFailure(`Updating ${formatKey(key)} in table ${tableName} failed`, cause);
      }
    },

    /** Reads one page of an index or of the table. */
    async query(query: ItemQuery): Promise<{ items: readonly Item[]; lastEvaluatedKey?: Item }> {
      try {
        const { Items: items = [], LastEvaluatedKey: last } = await client.send(
          new QueryCommand({
            TableName: tableName,
            ...buildQueryExpression(query),
          }),
        );
        return {
          items: items.map((item: Record<string, AttributeValue>) => unmarshall(item)),
          lastEvaluatedKey: last === undefined ? undefined : unmarshall(last),
        };
      } catch (cause) {
        const place = query.index === undefined ? "" : `index ${query.index} of `;
        throw toTableFailure(`Querying ${place}table ${tableName} failed`, cause);
      }
    },

    /** Deletes an item. Returns false if the condition is not met. */
    async removeIf(id: string, { condition, names, values }: ItemCondition): Promise<boolean> {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: marshall({ id }),
            ConditionExpression: condition,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: marshall(values ?? {}),
          }),
        );
        return true;
      } catch (cause) {
        if (isConditionFailure(cause)) return false;
        throw toTableFailure(`Deleting ${id} from table ${tableName} failed`, cause);
      }
    },

    /** Returns false if the item did not exist; true if an earlier try of the request may have deleted it. */
    async remove(key: ItemKey): Promise<boolean> {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: marshall(toKeyAttributes(key)),
            ConditionExpression: `attribute_exists(${keyAttributes[0]})`,
          }),
        );
        return true;
      } catch (cause) {
        if (isConditionFailure(cause)) return isPossiblyRetried(cause);
        throw toTableFailure(`Deleting ${formatKey(key)} from table ${tableName} failed`, cause);
      }
    },

    /**
     * Increments an item's count if it is below the limit. A retried request may count twice, which wastes one but never exceeds
     * the limit.
     *
     * @throws StoreFailure `transient` if an earlier try of the request may have taken the last one
     */
    async incrementBelowLimit(id: string, limit: number, expiresAtSeconds: number): Promise<boolean> {
      if (limit < 1) return false;
      const token = createWriteToken();
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: marshall({ id }),
            UpdateExpression: "SET expiresAt = :expiry, #token = :token ADD #count :one",
            ConditionExpression: "attribute_not_exists(#count) OR #count < :limit",
            ExpressionAttributeNames: { "#token": writeTokenAttribute, "#count": countAttribute },
            ExpressionAttributeValues: marshall({
              ":expiry": expiresAtSeconds,
              ":one": 1,
              ":limit": limit,
              ":token": token,
            }),
          }),
        );
        return true;
      } catch (cause) {
        if (isConditionFailure(cause)) {
          if (!isPossiblyRetried(cause)) return false;
          if ((await findEarlierWrite(() => get(id), token, cause)) !== undefined) return true;
          throw new StoreFailure(
            "transient",
            `The result of incrementing ${id} in table ${tableName} is unknown. Retry the call.`,
            cause,
          );
        }
        throw toTableFailure(`Incrementing ${id} in table ${tableName} failed`, cause);
      }
    },
  };
};
export type ItemStore = ReturnType<typeof createItemStore>;

/** Yields every item of an index partition, page by page: DynamoDB ends a page at 1 MB, even below its limit. */
export async function* queryAllItems(items: ItemStore, query: ItemQuery): AsyncGenerator<Item> {
  let exclusiveStartKey: Item | undefined;
  do {
    const page = await items.query({ ...query, exclusiveStartKey });
    yield* page.items;
    exclusiveStartKey = page.lastEvaluatedKey;
  } while (exclusiveStartKey !== undefined);
}
