import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * Creates a client of the embedded database for a process other than the runtime.
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
