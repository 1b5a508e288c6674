import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { createSecretsManagerSecrets } from "../../adapters/aws/secrets.ts";
import type { Moto } from "./moto.ts";
import type { SecretsFixture } from "./secrets.ts";

/** An empty moto secret. */
export const openMotoSecret = async (moto: Moto): Promise<SecretsFixture> => {
  const client = new SecretsManagerClient(moto.client);
  const name = randomUUID();
  await client.send(new CreateSecretCommand({ Name: name }));
  return {
    async put(secret) {
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: secret }));
    },
    write: (key) => JSON.stringify({ keys: [key] }),
    open: async () => createSecretsManagerSecrets(client, name),
    close: async () => client.destroy(),
  };
};
