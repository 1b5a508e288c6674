import { mkdir } from "node:fs/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  jobsTable,
  labelsTable,
  responsesTable,
  type TableDefinition,
  transcoderTable,
  withAllAttributes,
} from "../../pipeline/ports/tables.ts";
import { serveDatabase } from "./database-socket.ts";
import { createDatabaseTransport } from "./database-transport.ts";
import { type DatabaseEvents, openEmbeddedDynamo } from "./embedded-dynamodb.ts";

/** Names of the tables on one machine. */
export const localTableNames = {
  jobs: "reelway-jobs",
  transcoder: "reelway-transcoder",
  responses: "reelway-responses",
  channels: "reelway-channels",
  detections: "reelway-detections",
  labels: "reelway-labels",
  appearances: "reelway-appearances",
} as const;

const localTables: readonly { readonly name: string; readonly definition: TableDefinition }[] = [
  { name: localTableNames.jobs, definition: jobsTable },
  { name: localTableNames.transcoder, definition: transcoderTable },
  { name: localTableNames.responses, definition: responsesTable },
  { name: localTableNames.channels, definition: channelsTable },
  { name: localTableNames.detections, definition: detectionsTable },
  { name: localTableNames.labels, definition: labelsTable },
  { name: localTableNames.appearances, definition: appearancesTable },
];

/** Environment variables of a process that uses the embedded database; see `createSocketDatabaseClient`. */
export const buildDatabaseEnvironment = (socketPath: string): Record<string, string> => ({
  DATABASE_SOCKET_PATH: socketPath,
  AWS_REGION: "us-east-1",
});

export interface LocalDatabase {
  /** Client for this process, without socket and signature. */
  readonly client: DynamoDBClient;
  /** Path of the Unix socket for other processes of this user. */
  readonly socketPath: string;
  /** Waits for the operations in progress. */
  close(): Promise<void>;
}

/** Builds the input of CreateTable for a table definition. */
export const toCreateTableInput = (name: string, table: TableDefinition) => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    ...new Set([
      table.hashKey,
      ...(table.rangeKey === undefined ? [] : [table.rangeKey]),
      ...table.indexes.flatMap(({ hashKey, rangeKey }) => [hashKey, rangeKey]),
    ]),
  ].map((attribute) => ({ AttributeName: attribute, AttributeType: "S" as const })),
  KeySchema: [
    { AttributeName: table.hashKey, KeyType: "HASH" as const },
    ...(table.rangeKey === undefined ? [] : [{ AttributeName: table.rangeKey, KeyType: "RANGE" as const }]),
  ],
  GlobalSecondaryIndexes: table.indexes.map(({ name: index, hashKey, rangeKey, projection }) => ({
    IndexName: index,
    KeySchema: [
      { AttributeName: hashKey, KeyType: "HASH" as const },
      { AttributeName: rangeKey, KeyType: "RANGE" as const },
    ],
    Projection: { ProjectionType: projection ?? ("ALL" as const) },
  })),
});

/** Creates a table unless it exists, and waits until it is active. */
export const ensureTable = async (
  client: DynamoDBClient,
  name: string,
  table: TableDefinition,
): Promise<void> => {
  try {
    await client.send(new DescribeTableCommand({ TableName: name }));
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "ResourceNotFoundException") throw cause;
    await client.send(new CreateTableCommand(toCreateTableInput(name, table)));
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.02 },
    { TableName: name },
  );
};

/**
 * Opens an in-process DynamoDB API with all tables. The folder is locked while it is open.
 *
 * @param options `directory`: folder of the data; absent: in memory
 * @throws DatabaseFailure `locked`, `damaged` or `unavailable`
 */
export const openDatabase = async (
  options: DatabaseEvents & { readonly directory?: string } = {},
): Promise<LocalDatabase> => {
  const { directory } = options;
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const dynamo = await openEmbeddedDynamo(options);
    closers.push(() => dynamo.close());
    const transport = createDatabaseTransport(dynamo);
    const client = new DynamoDBClient({
      endpoint: "http://127.0.0.1",
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      requestHandler: transport,
      // The transport stays in this process, so no signature is needed.
      signer: { sign: async (request) => request },
      // No middleware is added later, so the stack does not have to be resolved for every call.
      cacheMiddleware: true,
    });
    // It copies every response for a log, also without one: an eighth of the time of a list.
    client.middlewareStack.remove("loggerMiddleware");
    // A list of jobs that reads each item from its table takes up to three times as long (`npm run bench -- jobs videos`).
    await Promise.all(
      localTables.map(({ name, definition }) => ensureTable(client, name, withAllAttributes(definition))),
    );
    const databaseSocket = await serveDatabase(dynamo, directory);
    closers.push(async () => {
      await transport.close();
      client.destroy();
      await databaseSocket.close();
    });
    return { client, socketPath: databaseSocket.path, close };
  } catch (cause) {
    await close();
    throw cause;
  }
};
