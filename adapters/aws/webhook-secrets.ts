import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { WebhookSettings } from "../../pipeline/configuration/webhooks-schema.ts";
import { parseWebhookSecrets } from "../../pipeline/webhooks/signature.ts";
import { type CachedRead, createCachedRead } from "./cached-read.ts";
import { toStoreFailure } from "./store-failure.ts";

/** A changed secret is used after this time at the latest. */
const cacheTtlMs = 5 * 60_000;

/** Creates the reader of the values that sign. They are cached for five minutes. */
export const createWebhookSecrets = (
  client: SecretsManagerClient,
  nowMs: () => number = Date.now,
): ((webhook: Pick<WebhookSettings, "secret">) => Promise<readonly string[]>) => {
  const reads = new Map<string, CachedRead<readonly string[]>>();
  const readSecret = async (secret: string): Promise<readonly string[]> => {
    const { SecretString: text = "" } = await client
      .send(new GetSecretValueCommand({ SecretId: secret }))
      .catch((cause: unknown) => {
        throw toStoreFailure(`Reading secret ${secret} failed`, cause);
      });
    return parseWebhookSecrets(text, `secret ${secret}`);
  };
  return ({ secret }) => {
    const read = reads.get(secret) ?? createCachedRead(() => readSecret(secret), cacheTtlMs, nowMs);
    reads.set(secret, read);
    return read.read();
  };
};
