import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * The client of the database that holds the job's record, loaded only as it is needed.
 *
 * @param socketPath path of the embedded database's Unix socket; absent: DynamoDB, by the task's region and role
 */
export const createDatabaseClient = async (socketPath: string | undefined): Promise<DynamoDBClient> => {
  if (socketPath !== undefined) {
    const { createSocketDatabaseClient } = await import("../../adapters/local/database-client.ts");
    return createSocketDatabaseClient(socketPath);
  }
  const { DynamoDBClient: Client } = await import("@aws-sdk/client-dynamodb");
  return new Client({});
};
