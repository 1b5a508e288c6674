import { type AttributeValue, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { IndexDefinition, TableDefinition } from "../pipeline/ports/tables.ts";

type StoredItem = Readonly<Record<string, AttributeValue>>;

const bytesPerWriteUnit = 1024;
const bytesPerReadUnit = 4096;

const measureText = (text: string): number => Buffer.byteLength(text);

const measureValue = (value: AttributeValue): number => {
  if (value.S !== undefined) return measureText(value.S);
  // Two digits take a byte, and each number one more.
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[^\d]/g, "").length / 2) + 1;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, entry) => sum + 1 + measureValue(entry), 0);
  if (value.M !== undefined)
    return (
      3 +
      Object.entries(value.M).reduce(
        (sum, [name, entry]) => sum + 1 + measureText(name) + measureValue(entry),
        0,
      )
    );
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  throw new Error(`The size of ${JSON.stringify(value)} is not defined here.`);
};

/** Size of an item as DynamoDB counts it: the names and values of its attributes, in bytes. */
export const measureItem = (item: StoredItem | undefined): number =>
  Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + measureText(name) + measureValue(value), 0);

const toUnits = (bytes: number, bytesPerUnit: number): number => Math.max(1, Math.ceil(bytes / bytesPerUnit));

/** The entry of an item in an index; undefined if it has none. */
const buildEntry = (
  item: StoredItem | undefined,
  { hashKey: tableKey }: TableDefinition,
  { hashKey, rangeKey, projection }: IndexDefinition,
): StoredItem | undefined => {
  if (item?.[hashKey] === undefined || item[rangeKey] === undefined) return undefined;
  const keys = [tableKey, hashKey, rangeKey];
  return projection === "KEYS_ONLY"
    ? Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)))
    : item;
};

/**
 * Write request units of a change of one item: the larger of both versions in KB, and for each index the entry that is
 * written, removed, or both if its key changes.
 */
export const countWriteUnits = (
  table: TableDefinition,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): number => {
  let units = toUnits(Math.max(measureItem(before), measureItem(after)), bytesPerWriteUnit);
  for (const index of table.indexes) {
    const [oldEntry, newEntry] = [buildEntry(before, table, index), buildEntry(after, table, index)];
    if (JSON.stringify(sortAttributes(oldEntry)) === JSON.stringify(sortAttributes(newEntry))) continue;
    const getKey = (entry: StoredItem | undefined) =>
      JSON.stringify([entry?.[index.hashKey], entry?.[index.rangeKey]]);
    if (oldEntry !== undefined && newEntry !== undefined && getKey(oldEntry) === getKey(newEntry))
      units += toUnits(Math.max(measureItem(oldEntry), measureItem(newEntry)), bytesPerWriteUnit);
    else
      for (const entry of [oldEntry, newEntry])
        if (entry !== undefined) units += toUnits(measureItem(entry), bytesPerWriteUnit);
  }
  return units;
};

const sortAttributes = (item: StoredItem | undefined) =>
  Object.entries(item ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** Request units of the requests of a client. */
export interface RequestUnits {
  written: number;
  read: number;
}

/**
 * Counts the request units of all requests of a client on single items, from the items before and after them.
 *
 * @param reader another client of the same database, whose requests are not counted
 * @param tables by their name
 */
export const countRequestUnits = (
  client: DynamoDBClient,
  reader: DynamoDBClient,
  tables: Readonly<Record<string, TableDefinition>>,
): RequestUnits => {
  const units: RequestUnits = { written: 0, read: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = args.input as {
        readonly TableName: string;
        readonly Key?: StoredItem;
        readonly Item?: StoredItem;
        readonly ConsistentRead?: boolean;
      };
      const table = tables[input.TableName];
      const key = input.Key?.id ?? input.Item?.id;
      if (table === undefined || key === undefined)
        throw new Error(`The units of ${context.commandName} are not counted.`);
      const readItem = async (): Promise<StoredItem | undefined> =>
        (
          await reader.send(
            new GetItemCommand({ TableName: input.TableName, Key: { id: key }, ConsistentRead: true }),
          )
        ).Item;
      const before = await readItem();
      if (context.commandName === "GetItemCommand") {
        units.read +=
          toUnits(measureItem(before), bytesPerReadUnit) * (input.ConsistentRead === true ? 1 : 0.5);
        return next(args);
      }
      try {
        const answer = await next(args);
        units.written += countWriteUnits(table, before, await readItem());
        return answer;
      } catch (cause) {
        // A write whose condition fails costs as much as one of the item itself.
        units.written += toUnits(measureItem(before), bytesPerWriteUnit);
        throw cause;
      }
    },
    { step: "initialize" },
  );
  return units;
};
