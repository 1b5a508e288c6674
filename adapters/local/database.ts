import { mkdir } from "node:fs/promises";
import type { IncomingMessage, Server } from "node:http";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { jobsTable, type TableDefinition, transcoderTable } from "../../pipeline/tables.ts";
import { createDynaliteServer } from "./dynalite-server.ts";
import { createInProcessTransport } from "./in-process-transport.ts";

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
  /** This process's own way in: it spares the socket and the signature. */
  readonly client: DynamoDBClient;
  /** `http://127.0.0.1:PORT`, the way in of other processes. */
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
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.02 },
    { TableName: name },
  );
};

const credential = "Credential=local/20261121/us-east-1/dynamodb/aws4_request";
/** The database looks whether a request is signed, not how: nobody else can call it in process. */
const unsigned = {
  authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=none`,
  "x-amz-date": "20261121T000000Z",
};

const listenOnLoopback = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("The database got no port."));
      else resolve(bound.port);
    });
  });

/** Dynalite throws what a request's socket meets, which would end this process when a worker is killed. */
const endureBrokenRequests = (request: IncomingMessage): void => {
  request.removeAllListeners("error");
  request.on("error", () => undefined);
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
  const server = createDynaliteServer({
    path: directory,
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
  server.on("request", endureBrokenRequests);
  const endpoint = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const transport = createInProcessTransport(server);
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: transport,
    signer: {
      sign: async (request) => ({ ...request, headers: { ...request.headers, ...unsigned } }),
    },
    // Nothing is added to the client later, so its chain of steps need not be made anew for every call.
    cacheMiddleware: true,
  });
  await ensureTable(client, localTables.jobs, jobsTable);
  await ensureTable(client, localTables.transcoder, transcoderTable);
  return {
    client,
    endpoint,
    async close() {
      await transport.close();
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => {
        server.close((error?: Error) => (error ? reject(error) : resolve()));
      });
    },
  };
};
