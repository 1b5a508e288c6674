import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/services.ts";
import * as z from "../../pipeline/schema/z.ts";
import { storeFailure } from "./failure.ts";

const text = z.string().check(z.minLength(1));
const schema = z.object({
  keys: z
    .array(z.object({ accessKeyId: text, secretAccessKey: text, scope: z.enum(["full", "read"]) }))
    .check(z.minLength(1)),
});
const lifetimeMilliseconds = 15 * 60_000;

/** The transcoder's keys in one secret, `{"keys":[{"accessKeyId","secretAccessKey","scope"}]}`, kept 15 minutes. */
export const createSecretsManagerSecrets = (
  client: SecretsManagerClient,
  secretId: string,
  now: () => number = Date.now,
): Secrets => {
  let kept: { readonly keys: readonly TranscoderKey[]; readonly until: number } | undefined;
  return {
    async transcoderKeys() {
      if (kept !== undefined && kept.until > now()) return kept.keys;
      try {
        const { SecretString: secret } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        const { keys } = schema.parse(JSON.parse(secret ?? "{}"));
        kept = { keys, until: now() + lifetimeMilliseconds };
        return keys;
      } catch (cause) {
        throw storeFailure(`Reading the transcoder's keys from secret ${secretId} failed`, cause);
      }
    },
  };
};
