import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * A client of the embedded database for another process than the runtime.
 *
 * @param socketPath path of the database's Unix socket
 */
export const createSocketDatabaseClient = (socketPath: string): DynamoDBClient =>
  new DynamoDBClient({
    // Never resolved: the agent connects to the socket.
    endpoint: "http://127.0.0.1",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: { httpAgent: { keepAlive: true, socketPath: socketPath } },
  });
