import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LocalDatabase } from "../../../adapters/local/database.ts";

/** A client of the embedded database that calls a function before each request. */
export interface HookedClient {
  readonly client: DynamoDBClient;
  /** Names of the requests so far, e.g. `PutItem jobs`. A request that the hook rejects is included. */
  readonly requests: string[];
  /** Is called before the requests of an operation, e.g. `PutItem`, and may reject them; `undefined` for no call. */
  setHook(operation: string, hook: (() => Promise<void>) | undefined): void;
}

export const createHookedClient = (database: LocalDatabase): HookedClient => {
  const hooks = new Map<string, (() => Promise<void>) | undefined>();
  const requests: string[] = [];
  const client = new DynamoDBClient({
    endpoint: "http://127.0.0.1",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: database.client.config.requestHandler,
  });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = String(context.commandName).replace(/Command$/, "");
      const { TableName: tableName = "" } = args.input as { readonly TableName?: string };
      requests.push(`${operation} ${tableName}`);
      await hooks.get(operation)?.();
      return next(args);
    },
    { step: "initialize" },
  );
  return { client, requests, setHook: (operation, hook) => void hooks.set(operation, hook) };
};
