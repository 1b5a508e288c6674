import { cp, rm } from "node:fs/promises";
import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ClassicLevel } from "classic-level";
import * as z from "zod";
import { localTables } from "./database.ts";
import { lacksCurrent } from "./dynalite-store.ts";

const attributeTypes = new Set(["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"]);
const isAttribute = (value: unknown): boolean => {
  const [type, ...others] = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return type !== undefined && others.length === 0 && attributeTypes.has(type);
};
/** An item in DynamoDB's JSON, as this API stored it. */
const item = z.record(z.string(), z.custom<AttributeValue>(isAttribute));
type StoredItem = z.infer<typeof item>;

const parseItem = (text: string): StoredItem | undefined => {
  try {
    return item.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** Dynalite 4 keeps the items of a table under this prefix, and copies of them for each index under others. */
const itemPrefix = (table: string): string => `item-${table}~`;

type TextLevel = ClassicLevel<string, string>;
const openLevel = async (directory: string): Promise<TextLevel> => {
  const level: TextLevel = new ClassicLevel(directory, {
    keyEncoding: "utf8",
    valueEncoding: "utf8",
    createIfMissing: false,
  });
  await level.open();
  return level;
};

/**
 * Reads everything that a database holds.
 *
 * @param directory a database that no process has open
 * @returns undefined where all can be read, else what is wrong with it
 */
export const findDamage = async (directory: string): Promise<string | undefined> => {
  if (await lacksCurrent(directory)) return "its file CURRENT is missing";
  try {
    const level = await openLevel(directory);
    try {
      for await (const [key, text] of level.iterator())
        if (parseItem(text) === undefined && key.startsWith("item-"))
          return `the record ${JSON.stringify(key)} cannot be read`;
    } finally {
      await level.close();
    }
    return undefined;
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    return reason instanceof Error ? reason.message : String(reason);
  }
};

/** The items of a table that can be read. */
async function* itemsOf(level: TextLevel, table: string): AsyncGenerator<StoredItem> {
  const prefix = itemPrefix(table);
  for await (const text of level.values({ gte: prefix, lt: `${prefix}\uffff` })) {
    const parsed = parseItem(text);
    if (parsed !== undefined) yield parsed;
  }
}

const batchSize = 25;

const writeAll = async (
  client: DynamoDBClient,
  table: string,
  items: AsyncIterable<StoredItem>,
): Promise<number> => {
  let count = 0;
  let batch: StoredItem[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const requests = batch.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    count += batch.length;
    batch = [];
  };
  for await (const one of items) {
    batch.push(one);
    if (batch.length === batchSize) await flush();
  }
  await flush();
  return count;
};

/**
 * Copies every item of a damaged database that can still be read into another, whose indexes are made anew.
 *
 * @param damaged folder of the damaged database; it is left as it is
 * @param work folder for a copy that LevelDB repairs; removed afterwards
 * @returns items copied, by table
 */
export const salvageItems = async (
  damaged: string,
  work: string,
  client: DynamoDBClient,
): Promise<{ readonly jobs: number; readonly transcoder: number }> => {
  await rm(work, { recursive: true, force: true });
  try {
    await cp(damaged, work, { recursive: true });
    await ClassicLevel.repair(work);
    const level = await openLevel(work);
    try {
      return {
        jobs: await writeAll(client, localTables.jobs, itemsOf(level, localTables.jobs)),
        transcoder: await writeAll(client, localTables.transcoder, itemsOf(level, localTables.transcoder)),
      };
    } finally {
      await level.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
