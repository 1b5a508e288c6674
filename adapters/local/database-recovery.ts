import { cp, rm } from "node:fs/promises";
import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ClassicLevel } from "classic-level";
import * as z from "zod";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { localTableNames } from "./database.ts";
import { isCurrentFileMissing, isDatabaseCreated } from "./dynalite-store.ts";

const attributeTypes = new Set(["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"]);
const isAttribute = (value: unknown): boolean => {
  const [type, ...others] = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return type !== undefined && others.length === 0 && attributeTypes.has(type);
};
/** A stored item in DynamoDB's JSON. */
const storedItem = z.record(z.string(), z.custom<AttributeValue>(isAttribute));
type StoredItem = z.infer<typeof storedItem>;

const parseItem = (text: string): StoredItem | undefined => storedItem.safeParse(parseJson(text)).data;

/** Dynalite 4 stores the items of a table under this prefix, and copies for each index under others. */
const getItemPrefix = (table: string): string => `item-${table}~`;

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
 * Checks a database by reading all records.
 *
 * @param directory a database that is not open in any process
 * @returns undefined if all records can be read, else a description of the damage
 */
export const findDamage = async (directory: string): Promise<string | undefined> => {
  if (!(await isDatabaseCreated(directory))) return undefined;
  if (await isCurrentFileMissing(directory)) return "its file CURRENT is missing";
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

/** Yields the readable items of a table. */
async function* readItems(level: TextLevel, table: string): AsyncGenerator<StoredItem> {
  const prefix = getItemPrefix(table);
  for await (const text of level.values({ gte: prefix, lt: `${prefix}\uffff` })) {
    const item = parseItem(text);
    if (item !== undefined) yield item;
  }
}

const batchSize = 25;

const writeItems = async (
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
  for await (const item of items) {
    batch.push(item);
    if (batch.length === batchSize) await flush();
  }
  await flush();
  return count;
};

const channelTables: readonly string[] = [
  localTableNames.channels,
  localTableNames.detections,
  localTableNames.labels,
  localTableNames.appearances,
];

/**
 * Copies every readable item of a damaged database into another one, which rebuilds the indexes.
 *
 * @param damagedDirectory folder of the damaged database; it is unchanged
 * @param workDirectory folder for a copy that LevelDB repairs; deleted afterwards
 * @returns number of copied jobs
 */
export const recoverItems = async (
  damagedDirectory: string,
  workDirectory: string,
  client: DynamoDBClient,
): Promise<{ readonly jobs: number; readonly transcoder: number }> => {
  await rm(workDirectory, { recursive: true, force: true });
  try {
    await cp(damagedDirectory, workDirectory, { recursive: true });
    await ClassicLevel.repair(workDirectory);
    const level = await openLevel(workDirectory);
    try {
      for (const table of channelTables) await writeItems(client, table, readItems(level, table));
      return {
        jobs: await writeItems(client, localTableNames.jobs, readItems(level, localTableNames.jobs)),
        transcoder: await writeItems(
          client,
          localTableNames.transcoder,
          readItems(level, localTableNames.transcoder),
        ),
      };
    } finally {
      await level.close();
    }
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
};
