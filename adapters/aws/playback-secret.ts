import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { toStoreFailure } from "./store-failure.ts";

const secretSchema = z.object({
  /** Newest first. */
  keys: z.array(
    z.object({
      /** SHA-256 of the public key's DER encoding, hexadecimal. */
      fingerprint: z.string(),
      /** PKCS #8 in PEM. */
      privateKey: z.string(),
    }),
  ),
});
/** A private key that signs playback URLs and cookies. */
export type PlaybackPrivateKey = z.output<typeof secretSchema>["keys"][number];

/**
 * Reads the private playback keys, newest first; empty if the secret does not exist or has no value.
 *
 * @throws StoreFailure
 */
export const readPlaybackSecret = async (
  client: SecretsManagerClient,
  secretId: string,
): Promise<readonly PlaybackPrivateKey[]> => {
  let text: string | undefined;
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString;
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) return [];
    throw toStoreFailure(`Reading the secret ${secretId} failed`, cause);
  }
  const parsed = z.safeParse(secretSchema, text === undefined ? undefined : parseJson(text));
  if (parsed.success) return parsed.data.keys;
  // Without a cause, because a parser's error quotes the secret.
  throw new StoreFailure(
    "invalid",
    `Secret ${secretId} is not valid. Expected: {"keys":[{"fingerprint":"…","privateKey":"…"}]}. Restore its previous version.`,
  );
};

/** Writes the private playback keys, newest first. @throws StoreFailure `missing` if the secret does not exist */
export const writePlaybackSecret = async (
  client: SecretsManagerClient,
  secretId: string,
  keys: readonly PlaybackPrivateKey[],
): Promise<void> => {
  try {
    await client.send(
      new PutSecretValueCommand({ SecretId: secretId, SecretString: JSON.stringify({ keys }) }),
    );
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException)
      throw new StoreFailure("missing", `Secret ${secretId} does not exist.`, cause);
    throw toStoreFailure(`Writing the secret ${secretId} failed`, cause);
  }
};
