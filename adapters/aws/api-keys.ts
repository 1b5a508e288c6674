import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { apiKeysSchema, rotateSessionKey } from "../../pipeline/access/accounts.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { updateJsonSecret } from "./json-secret.ts";

/**
 * Replaces the session key in the secret of the API's keys. The other keys do not change.
 *
 * @param endsSessions whether all sessions end; otherwise they stay valid until they expire
 * @throws StoreFailure
 */
export const rotateSecretSessionKey = (
  client: SecretsManagerClient,
  secretId: string,
  endsSessions: boolean,
): Promise<void> =>
  updateJsonSecret(client, secretId, (stored) => {
    const keys = z.safeParse(apiKeysSchema, stored?.value);
    if (keys.success) return JSON.stringify(rotateSessionKey(keys.data, endsSessions));
    // Without a cause, because a parser's error quotes the secret.
    throw new StoreFailure(
      "invalid",
      stored === undefined
        ? `Secret ${secretId} has no keys. Apply the stack api: npx reelway deploy`
        : `Secret ${secretId} is not valid. Expected: {"sessionKey":"…","responseKey":"…"}. Restore its version AWSPREVIOUS.`,
    );
  });
