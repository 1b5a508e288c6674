import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * Creates the client of the database with the job's record. Loads only the modules that are needed.
 *
 * @param socketPath path of the embedded database's Unix socket; absent: DynamoDB with the task's region and role
 */
export const createDatabaseClient = async (socketPath: string | undefined): Promise<DynamoDBClient> => {
  if (socketPath !== undefined) {
    const { createSocketDatabaseClient } = await import("../../../adapters/local/database-client.ts");
    return createSocketDatabaseClient(socketPath);
  }
  const { DynamoDBClient: Client } = await import("@aws-sdk/client-dynamodb");
  return new Client({});
};
