import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
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
/** Whoever sends keys of his own invention shall not make a call each. */
const againMilliseconds = 10_000;

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

interface SecretOptions {
  /** Milliseconds since 1970. @default the clock's */
  readonly now?: () => number;
  /**
   * Reads the version before the current one too, which Secrets Manager keeps as AWSPREVIOUS: two keys of each scope
   * are then valid at a time. @default false
   */
  readonly previous?: boolean;
}

/** The transcoder's keys in one secret, `{"keys":[{"accessKeyId","secretAccessKey","scope"}]}`, kept 15 minutes. */
export const createSecretsManagerSecrets = (
  client: SecretsManagerClient,
  secretId: string,
  { now = Date.now, previous = false }: SecretOptions = {},
): Secrets => {
  let kept: { readonly keys: readonly TranscoderKey[]; readonly at: number } | undefined;
  const read = async (version?: string): Promise<readonly TranscoderKey[]> => {
    const { SecretString: secret } = await client.send(
      new GetSecretValueCommand({
        SecretId: secretId,
        ...(version === undefined ? {} : { VersionStage: version }),
      }),
    );
    return readKeys(secretId, secret);
  };
  const readPrevious = (): Promise<readonly TranscoderKey[]> =>
    read("AWSPREVIOUS").catch((cause: unknown) => {
      // A secret that was written once has no version before.
      if (cause instanceof ResourceNotFoundException) return [];
      throw cause;
    });
  return {
    async transcoderKeys({ rotated = false } = {}) {
      const age = kept === undefined ? Number.POSITIVE_INFINITY : now() - kept.at;
      if (kept !== undefined && age < (rotated ? againMilliseconds : lifetimeMilliseconds)) return kept.keys;
      try {
        const keys = [...(await read()), ...(previous ? await readPrevious() : [])];
        kept = { keys, at: now() };
        return keys;
      } catch (cause) {
        throw storeFailure(`Reading the transcoder's keys from secret ${secretId} failed`, cause);
      }
    },
  };
};
