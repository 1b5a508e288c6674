import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { storeFailure } from "./failure.ts";

/** A conditional change of one item. Names and values are given plain. */
export interface ItemChange {
  /** Attributes to set; undefined ones are removed. */
  readonly set: Readonly<Record<string, unknown>>;
  /** E.g. `#status IN (:submitted, :progressing) AND attempt = :attempt`. */
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** Attribute of lists: entries to append. */
  readonly append?: { readonly attribute: string; readonly entries: readonly unknown[] };
}
export interface ItemQuery {
  readonly index: string;
  readonly attribute: string;
  readonly value: string;
  readonly ascending: boolean;
  readonly limit?: number;
  readonly after?: Readonly<Record<string, unknown>>;
}
export type Item = Readonly<Record<string, unknown>>;

const options = { removeUndefinedValues: true, convertEmptyValues: false } as const;

const refused = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === "ConditionalCheckFailedException";

/** The few acts on one table with hash key `id` that both stores are made of. */
export const createItems = (client: DynamoDBClient, table: string) => ({
  async get(id: string): Promise<Item | undefined> {
    try {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall({ id }), ConsistentRead: true }),
      );
      return item === undefined ? undefined : unmarshall(item);
    } catch (cause) {
      throw storeFailure(`Reading ${id} from table ${table} failed`, cause);
    }
  },

  /** False where the id exists. */
  async putNew(item: Item): Promise<boolean> {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall(item, options),
          ConditionExpression: "attribute_not_exists(id)",
        }),
      );
      return true;
    } catch (cause) {
      if (refused(cause)) return false;
      throw storeFailure(`Writing ${String(item.id)} to table ${table} failed`, cause);
    }
  },

  /** The changed item; undefined where the condition does not hold. */
  async change(id: string, change: ItemChange): Promise<Item | undefined> {
    const sets: string[] = [];
    const removes: string[] = [];
    const names: Record<string, string> = { ...change.names };
    const values: Record<string, unknown> = { ...change.values };
    Object.entries(change.set).forEach(([name, value], index) => {
      names[`#s${index}`] = name;
      if (value === undefined) {
        removes.push(`#s${index}`);
        return;
      }
      values[`:s${index}`] = value;
      sets.push(`#s${index} = :s${index}`);
    });
    if (change.append !== undefined) {
      names["#append"] = change.append.attribute;
      values[":append"] = change.append.entries;
      sets.push("#append = list_append(#append, :append)");
    }
    try {
      const { Attributes: attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ id }),
          UpdateExpression: `SET ${sets.join(", ")}${removes.length > 0 ? ` REMOVE ${removes.join(", ")}` : ""}`,
          ConditionExpression: change.condition,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: marshall(values, options),
          ReturnValues: "ALL_NEW",
        }),
      );
      return attributes === undefined ? undefined : unmarshall(attributes);
    } catch (cause) {
      if (refused(cause)) return undefined;
      throw storeFailure(`Changing ${id} in table ${table} failed`, cause);
    }
  },

  /** One page of an index, and where the next begins. */
  async query(query: ItemQuery): Promise<{ items: readonly Item[]; next?: Item }> {
    try {
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: query.index,
          KeyConditionExpression: "#hash = :hash",
          ExpressionAttributeNames: { "#hash": query.attribute },
          ExpressionAttributeValues: { ":hash": { S: query.value } },
          ScanIndexForward: query.ascending,
          Limit: query.limit,
          ExclusiveStartKey: query.after === undefined ? undefined : marshall(query.after),
        }),
      );
      return {
        items: items.map((item: Record<string, AttributeValue>) => unmarshall(item)),
        next: last === undefined ? undefined : unmarshall(last),
      };
    } catch (cause) {
      throw storeFailure(`Listing ${query.index} of table ${table} failed`, cause);
    }
  },

  /** Adds one to `used` while it is below the limit. */
  async count(id: string, limit: number, expiresAt: number): Promise<boolean> {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ id }),
          UpdateExpression: "SET expiresAt = :expiry ADD used :one",
          ConditionExpression: "attribute_not_exists(used) OR used < :limit",
          ExpressionAttributeValues: marshall({ ":expiry": expiresAt, ":one": 1, ":limit": limit }),
        }),
      );
      return true;
    } catch (cause) {
      if (refused(cause)) return false;
      throw storeFailure(`Counting ${id} in table ${table} failed`, cause);
    }
  },
});
export type Items = ReturnType<typeof createItems>;

/** Every item of one index partition, page by page. */
export async function* eachItem(items: Items, query: ItemQuery): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const page = await items.query({ ...query, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
