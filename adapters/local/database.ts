import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { jobsTable, type TableDefinition, transcoderTable } from "../../pipeline/tables.ts";

/** Names of the two tables on one machine. */
export const localTables = { jobs: "reelway-jobs", transcoder: "reelway-transcoder" } as const;

/** The variables with which any SDK client reaches the embedded database. */
export const databaseEnvironment = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
});

export interface LocalDatabase {
  readonly client: DynamoDBClient;
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** CreateTable's input for a table of the domain. */
export const createTableInput = (name: string, table: TableDefinition) => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    ...new Set([table.hashKey, ...table.indexes.flatMap(({ hashKey, rangeKey }) => [hashKey, rangeKey])]),
  ].map((attribute) => ({ AttributeName: attribute, AttributeType: "S" as const })),
  KeySchema: [{ AttributeName: table.hashKey, KeyType: "HASH" as const }],
  GlobalSecondaryIndexes: table.indexes.map(({ name: index, hashKey, rangeKey }) => ({
    IndexName: index,
    KeySchema: [
      { AttributeName: hashKey, KeyType: "HASH" as const },
      { AttributeName: rangeKey, KeyType: "RANGE" as const },
    ],
    Projection: { ProjectionType: "ALL" as const },
  })),
});

/** Makes a table unless it is there, and waits until it can be used. */
export const ensureTable = async (
  client: DynamoDBClient,
  name: string,
  table: TableDefinition,
): Promise<void> => {
  try {
    await client.send(new DescribeTableCommand({ TableName: name }));
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "ResourceNotFoundException") throw cause;
    await client.send(new CreateTableCommand(createTableInput(name, table)));
  }
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName: name });
};

/**
 * Starts a DynamoDB API in this process, on loopback, with both tables.
 *
 * @param directory where the data lie between runs; absent: in memory
 */
export const openDatabase = async ({
  directory,
}: {
  readonly directory?: string;
} = {}): Promise<LocalDatabase> => {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const server = dynalite({ path: directory, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("The database got no port."));
      else resolve(bound);
    });
  });
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await ensureTable(client, localTables.jobs, jobsTable);
  await ensureTable(client, localTables.transcoder, transcoderTable);
  return {
    client,
    endpoint,
    close: () =>
      new Promise((resolve, reject) => {
        client.destroy();
        server.closeAllConnections();
        server.close((error?: Error) => (error ? reject(error) : resolve()));
      }),
  };
};
