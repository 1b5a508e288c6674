import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ensureTable } from "../../adapters/local/database.ts";
import type { TableDefinition } from "../../pipeline/ports/tables.ts";

/** Creates an empty table and returns its name. */
export const newTable = async (client: DynamoDBClient, definition: TableDefinition): Promise<string> => {
  const name = `reelway-${randomUUID()}`;
  await ensureTable(client, name, definition);
  return name;
};
