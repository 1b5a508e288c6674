import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/secrets.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { toStoreFailure } from "./store-failure.ts";

const nonEmptyString = z.string().check(z.minLength(1));
const secretSchema = z.object({
  keys: z
    .array(
      z.object({
        accessKeyId: nonEmptyString,
        secretAccessKey: nonEmptyString,
        scope: z.enum(["full", "read"]),
      }),
    )
    .check(z.minLength(1)),
});
const cacheTtlMs = 15 * 60_000;
/** Whoever sends keys of his own invention shall not make a call each. */
const minRefreshIntervalMs = 10_000;

/** Says what is wrong by the names of fields alone, and has no `cause`: a parser's own error quotes the secret. */
const parseKeys = (secretId: string, secret: string | undefined): readonly TranscoderKey[] => {
  const value = secret === undefined ? undefined : parseJson(secret);
  const parsed = secretSchema.safeParse(value);
  if (parsed.success) return parsed.data.keys;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "keys"))].join(", ");
  const reason =
    secret === undefined
      ? "holds no text"
      : value === undefined
        ? "holds no JSON"
        : `misses, or has wrong: ${fields}`;
  throw new StoreFailure(
    "invalid",
    `Secret ${secretId} ${reason}. Give it the form {"keys":[{"accessKeyId":"…","secretAccessKey":"…","scope":"full"}]}; scope is full or read.`,
  );
};

interface SecretOptions {
  /** Milliseconds since 1970. @default the clock's */
  readonly nowMs?: () => number;
  /**
   * Reads the version before the current one too, which Secrets Manager keeps as AWSPREVIOUS: two keys of each scope
   * are then valid at a time. @default false
   */
  readonly includePrevious?: boolean;
}

/** The transcoder's keys in one secret, `{"keys":[{"accessKeyId","secretAccessKey","scope"}]}`, kept 15 minutes. */
export const createSecretsManagerSecrets = (
  client: SecretsManagerClient,
  secretId: string,
  { nowMs = Date.now, includePrevious = false }: SecretOptions = {},
): Secrets => {
  let cachedKeys: { readonly keys: readonly TranscoderKey[]; readonly readAtMs: number } | undefined;
  const readVersion = async (versionStage?: string): Promise<readonly TranscoderKey[]> => {
    const { SecretString: secret } = await client.send(
      new GetSecretValueCommand({
        SecretId: secretId,
        ...(versionStage === undefined ? {} : { VersionStage: versionStage }),
      }),
    );
    return parseKeys(secretId, secret);
  };
  const readPrevious = (): Promise<readonly TranscoderKey[]> =>
    readVersion("AWSPREVIOUS").catch((cause: unknown) => {
      // A secret that was written once has no version before.
      if (cause instanceof ResourceNotFoundException) return [];
      throw cause;
    });
  return {
    async readTranscoderKeys({ forceRefresh = false } = {}) {
      const ageMs = cachedKeys === undefined ? Number.POSITIVE_INFINITY : nowMs() - cachedKeys.readAtMs;
      if (cachedKeys !== undefined && ageMs < (forceRefresh ? minRefreshIntervalMs : cacheTtlMs))
        return cachedKeys.keys;
      try {
        const keys = [...(await readVersion()), ...(includePrevious ? await readPrevious() : [])];
        cachedKeys = { keys, readAtMs: nowMs() };
        return keys;
      } catch (cause) {
        throw toStoreFailure(`Reading the transcoder's keys from secret ${secretId} failed`, cause);
      }
    },
  };
};
