import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { type Accounts, accountsSchema, createAccounts } from "../../pipeline/access/accounts.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { createCachedRead } from "./cached-read.ts";
import { readJsonSecret, updateJsonSecret } from "./json-secret.ts";

/** Milliseconds after which a change is effective in every instance of a function. */
const cacheTtlMs = 15_000;

/** Quota of Secrets Manager (user guide, "AWS Secrets Manager quotas"). */
const maxSecretBytes = 65_536;

/** The secrets of the accounts. */
export interface AccountSecrets {
  /** Secret with the users and tokens, written by `update`. It has no value at first. */
  readonly accounts: string;
  /** Secret with the keys, e.g. `{"sessionKey":"…"}`, which this store never writes. @default the accounts' keys are random */
  readonly keys?: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Creates the store of accounts in AWS Secrets Manager. Each change is a new version of the secret, which becomes the
 * current one only if no other writer has changed it. Reads are cached for 15 seconds.
 */
export const createSecretAccountStore = (
  client: SecretsManagerClient,
  secrets: AccountSecrets,
  { nowMs = Date.now }: { readonly nowMs?: () => number } = {},
): AccountStore => {
  /** Its errors contain only field names, because a parser's error quotes the secret. */
  const parse = (
    stored: { readonly value: unknown } | undefined,
    keys: Readonly<Record<string, unknown>>,
  ): Accounts => {
    const value = stored === undefined ? {} : stored.value;
    const parsed = accountsSchema.safeParse({
      ...createAccounts(),
      ...(isRecord(value) ? value : {}),
      ...keys,
    });
    if (parsed.success && isRecord(value)) return parsed.data;
    const fields = parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
    throw new StoreFailure(
      "invalid",
      `Secret ${secrets.accounts} ${fields.length === 0 ? "is not a JSON object" : `has missing or invalid fields: ${[...new Set(fields)].join(", ")}`}. Restore its version AWSPREVIOUS.`,
    );
  };

  const readKeys = async (secretId: string): Promise<Readonly<Record<string, unknown>>> => {
    const { value } = (await readJsonSecret(client, secretId)) ?? {};
    if (isRecord(value)) return value;
    throw new StoreFailure(
      "invalid",
      `Secret ${secretId} has no keys. Apply the stack api: npx reelway deploy`,
    );
  };

  const readAll = async (): Promise<Accounts> => {
    const [stored, keys] = await Promise.all([
      readJsonSecret(client, secrets.accounts),
      secrets.keys === undefined ? {} : readKeys(secrets.keys),
    ]);
    return parse(stored, keys);
  };

  let cached = createCachedRead(readAll, cacheTtlMs, nowMs);

  return {
    read: () => cached.read(),
    async update(change) {
      await updateJsonSecret(client, secrets.accounts, async (stored) => {
        const { users, tokens } = await change(parse(stored, {}));
        const text = JSON.stringify({ users, tokens });
        const bytes = Buffer.byteLength(text);
        if (bytes > maxSecretBytes)
          throw new StoreFailure(
            "invalid",
            `The users and tokens have ${bytes} bytes; Secrets Manager stores ${maxSecretBytes}. Remove users, revoke tokens, or sign in with Cognito.`,
          );
        return text;
      });
      cached = createCachedRead(readAll, cacheTtlMs, nowMs);
    },
  };
};
