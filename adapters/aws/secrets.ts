import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
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

const parseJson = (secret: string): unknown => {
  try {
    return JSON.parse(secret);
  } catch {
    return undefined;
  }
};

/** Says what is wrong by the names of fields alone, and has no `cause`: a parser's own error quotes the secret. */
const readKeys = (secretId: string, secret: string | undefined): readonly TranscoderKey[] => {
  const value = secret === undefined ? undefined : parseJson(secret);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data.keys;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "keys"))].join(", ");
  const why =
    secret === undefined
      ? "holds no text"
      : value === undefined
        ? "holds no JSON"
        : `misses, or has wrong: ${fields}`;
  throw new StoreFailure(
    "invalid",
    `Secret ${secretId} ${why}. Give it the form {"keys":[{"accessKeyId":"…","secretAccessKey":"…","scope":"full"}]}; scope is full or read.`,
  );
};

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
        const keys = readKeys(secretId, secret);
        kept = { keys, until: now() + lifetimeMilliseconds };
        return keys;
      } catch (cause) {
        throw storeFailure(`Reading the transcoder's keys from secret ${secretId} failed`, cause);
      }
    },
  };
};
