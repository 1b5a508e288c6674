import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { createSecretAccountStore } from "../../adapters/aws/account-store.ts";
import type { AccountStoreFixture } from "./account-store.ts";
import type { Moto } from "./moto.ts";

/** Two moto secrets: one for accounts, without a value, and one with a session key. */
export const openMotoAccounts = async (
  moto: Moto,
): Promise<AccountStoreFixture & { readonly sessionKey: string; readonly client: SecretsManagerClient }> => {
  // Requests are serialized: moto moves a staging label in two steps.
  const client = new SecretsManagerClient({
    ...moto.client,
    requestHandler: { httpAgent: { maxSockets: 1 } },
  });
  const [accounts, keys, sessionKey] = [randomUUID(), randomUUID(), "k".repeat(43)];
  await client.send(new CreateSecretCommand({ Name: accounts }));
  await client.send(
    new CreateSecretCommand({
      Name: keys,
      SecretString: JSON.stringify({ sessionKey, responseKey: "r".repeat(43) }),
    }),
  );
  return {
    client,
    sessionKey,
    open: () => createSecretAccountStore(client, { accounts, keys }),
    async put(text) {
      await client.send(new PutSecretValueCommand({ SecretId: accounts, SecretString: text }));
    },
    close: async () => client.destroy(),
  };
};
