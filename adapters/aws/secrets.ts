import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/services.ts";
import { storeFailure } from "./failure.ts";

const schema = z.object({
  keys: z
    .array(
      z.object({
        accessKeyId: z.string().min(1),
        secretAccessKey: z.string().min(1),
        scope: z.enum(["full", "read"]),
      }),
    )
    .min(1),
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
        const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        const { keys } = schema.parse(JSON.parse(text ?? "{}"));
        kept = { keys, until: now() + lifetimeMilliseconds };
        return keys;
      } catch (cause) {
        throw storeFailure(`Reading the transcoder's keys from secret ${secretId} failed`, cause);
      }
    },
  };
};
