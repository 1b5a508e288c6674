import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import { storeFailure } from "./failure.ts";
import { newWriteToken, wasSentAgain, writeTokenAttribute } from "./write-token.ts";

/** A conditional change of one item. Names and values are given plain. */
export interface ItemChange {
  /** Attributes to set; undefined ones are removed. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Attributes that get the value of another one of the item. */
  readonly copy?: Readonly<Record<string, string>>;
  /** E.g. `#status IN (:submitted, :progressing) AND attempt = :attempt`. */
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** An entry for the end of a list, which then keeps its first and its newest entries, `atMost` in all. */
  readonly append?: { readonly attribute: string; readonly entry: unknown; readonly atMost: number };
}
export interface ItemQuery {
  readonly index: string;
  readonly attribute: string;
  readonly value: string;
  readonly ascending: boolean;
  /** Only items whose `arrival` lies behind this one, in the query's direction; the index is ordered by it. */
  readonly beyond?: string | undefined;
  readonly limit?: number;
  /** Where an earlier page of the same query ended. */
  readonly after?: Item;
}
export type Item = Readonly<Record<string, unknown>>;

const options = { removeUndefinedValues: true, convertEmptyValues: false } as const;

const refused = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === "ConditionalCheckFailedException";

/** The few acts on one table with hash key `id` that both stores are made of. */
export const createItems = (client: DynamoDBClient, table: string) => {
  /** Takes the second entry out of a list that has grown too long; the item as it is then. */
  const trim = async (
    item: Item,
    { attribute, atMost }: NonNullable<ItemChange["append"]>,
  ): Promise<Item> => {
    const list = item[attribute];
    if (!Array.isArray(list) || list.length <= atMost) return item;
    await client
      .send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ id: item.id }),
          UpdateExpression: "REMOVE #list[1]",
          ConditionExpression: "size(#list) > :most",
          ExpressionAttributeNames: { "#list": attribute },
          ExpressionAttributeValues: marshall({ ":most": atMost }),
        }),
      )
      // The change itself is done. A list left too long by one is cut by the next entry.
      .catch(() => undefined);
    return { ...item, [attribute]: [...list.slice(0, 1), ...list.slice(1 - atMost)] };
  };
  const get = async (id: string): Promise<Item | undefined> => {
    try {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall({ id }), ConsistentRead: true }),
      );
      return item === undefined ? undefined : unmarshall(item);
    } catch (cause) {
      throw storeFailure(`Reading ${id} from table ${table} failed`, cause);
    }
  };
  /** The item of a refused write that the first try of the same request has made; undefined for any other refusal. */
  const madeBefore = async (id: string, token: string, refusal: unknown): Promise<Item | undefined> => {
    if (!wasSentAgain(refusal)) return undefined;
    const item = await get(id);
    return item?.[writeTokenAttribute] === token ? item : undefined;
  };
  return {
    get,

    /** False where the id exists. */
    async putNew(item: Item): Promise<boolean> {
      const token = newWriteToken();
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({ ...item, [writeTokenAttribute]: token }, options),
            ConditionExpression: "attribute_not_exists(id)",
          }),
        );
        return true;
      } catch (cause) {
        if (refused(cause)) return (await madeBefore(String(item.id), token, cause)) !== undefined;
        throw storeFailure(`Writing ${String(item.id)} to table ${table} failed`, cause);
      }
    },

    /** The changed item; undefined where the condition does not hold. */
    async change(id: string, change: ItemChange): Promise<Item | undefined> {
      const token = newWriteToken();
      const sets: string[] = ["#token = :token"];
      const removes: string[] = [];
      const names: Record<string, string> = { ...change.names, "#token": writeTokenAttribute };
      const values: Record<string, unknown> = { ...change.values, ":token": token };
      Object.entries(change.set).forEach(([name, value], index) => {
        names[`#s${index}`] = name;
        if (value === undefined) {
          removes.push(`#s${index}`);
          return;
        }
        values[`:s${index}`] = value;
        sets.push(`#s${index} = :s${index}`);
      });
      Object.entries(change.copy ?? {}).forEach(([name, from], index) => {
        names[`#c${index}`] = name;
        names[`#f${index}`] = from;
        sets.push(`#c${index} = #f${index}`);
      });
      if (change.append !== undefined) {
        names["#append"] = change.append.attribute;
        values[":append"] = [change.append.entry];
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
        const item = attributes === undefined ? undefined : unmarshall(attributes);
        return item === undefined || change.append === undefined ? item : await trim(item, change.append);
      } catch (cause) {
        if (refused(cause)) return madeBefore(id, token, cause);
        throw storeFailure(`Changing ${id} in table ${table} failed`, cause);
      }
    },

    /** One page of an index, and where the next begins. */
    async query(query: ItemQuery): Promise<{ items: readonly Item[]; next?: Item }> {
      const beyond = query.beyond === undefined ? "" : ` AND arrival ${query.ascending ? ">" : "<"} :beyond`;
      try {
        const { Items: items = [], LastEvaluatedKey: last } = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: query.index,
            KeyConditionExpression: `#hash = :hash${beyond}`,
            ExpressionAttributeNames: { "#hash": query.attribute },
            ExpressionAttributeValues: marshall({ ":hash": query.value, ":beyond": query.beyond }, options),
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

    /** False where there was no such item; true where an earlier try of the request may have removed it. */
    async remove(id: string): Promise<boolean> {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: marshall({ id }),
            ConditionExpression: "attribute_exists(id)",
          }),
        );
        return true;
      } catch (cause) {
        if (refused(cause)) return wasSentAgain(cause);
        throw storeFailure(`Removing ${id} from table ${table} failed`, cause);
      }
    },

    /**
     * Adds one to `used` while it is below the limit. A request that is sent again may count twice: that costs one
     * of the limit, never one too many.
     *
     * @throws StoreFailure `temporary` where only an earlier try of the request may have taken the last one
     */
    async count(id: string, limit: number, expiresAt: number): Promise<boolean> {
      if (limit < 1) return false;
      const token = newWriteToken();
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: marshall({ id }),
            UpdateExpression: "SET expiresAt = :expiry, #token = :token ADD used :one",
            ConditionExpression: "attribute_not_exists(used) OR used < :limit",
            ExpressionAttributeNames: { "#token": writeTokenAttribute },
            ExpressionAttributeValues: marshall({
              ":expiry": expiresAt,
              ":one": 1,
              ":limit": limit,
              ":token": token,
            }),
          }),
        );
        return true;
      } catch (cause) {
        if (refused(cause)) {
          if (!wasSentAgain(cause)) return false;
          if ((await madeBefore(id, token, cause)) !== undefined) return true;
          throw new StoreFailure(
            "temporary",
            `Whether ${id} in table ${table} was counted is unknown.`,
            cause,
          );
        }
        throw storeFailure(`Counting ${id} in table ${table} failed`, cause);
      }
    },
  };
};
export type Items = ReturnType<typeof createItems>;

/** Every item of one index partition, page by page: DynamoDB ends a page at 1 MB, whatever its limit. */
export async function* eachItem(items: Items, query: ItemQuery): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const page = await items.query({ ...query, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
