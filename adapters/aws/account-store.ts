import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { type Accounts, accountsSchema, createAccounts } from "../../pipeline/access/accounts.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { createCachedRead } from "./cached-read.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Milliseconds after which a change is effective in every instance of a function. */
const cacheTtlMs = 15_000;

/** Quota of Secrets Manager (user guide, "AWS Secrets Manager quotas"). */
const maxSecretBytes = 65_536;

const maxUpdateAttempts = 10;

/** Staging label of a version that is about to become the current one. */
const pendingStage = "REELWAY_PENDING";
const currentStage = "AWSCURRENT";

/** The secrets of the accounts. */
export interface AccountSecrets {
  /** Secret with the users and tokens, written by `update`. It has no value at first. */
  readonly accounts: string;
  /** Secret with the keys, e.g. `{"sessionKey":"…"}`, which is never written. @default the accounts' keys are random */
  readonly keys?: string;
}

interface SecretValue {
  readonly versionId: string | undefined;
  readonly value: unknown;
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
  /** Reads the current version; undefined if the secret has no value. */
  const readSecret = async (secretId: string): Promise<SecretValue | undefined> => {
    try {
      const { SecretString: text, VersionId: versionId } = await client.send(
        new GetSecretValueCommand({ SecretId: secretId, VersionStage: currentStage }),
      );
      return { versionId, value: text === undefined ? undefined : parseJson(text) };
    } catch (cause) {
      // Secrets Manager returns the same error for a secret without a value and for a secret that does not exist.
      if (cause instanceof ResourceNotFoundException && cause.message.includes(currentStage))
        return undefined;
      throw toStoreFailure(`Reading secret ${secretId} failed`, cause);
    }
  };

  /** Its errors contain only field names, because a parser's error quotes the secret. */
  const parse = (stored: SecretValue | undefined, keys: Readonly<Record<string, unknown>>): Accounts => {
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
    const { value } = (await readSecret(secretId)) ?? {};
    if (isRecord(value)) return value;
    throw new StoreFailure(
      "invalid",
      `Secret ${secretId} has no keys. Apply the stack api: npx reelway deploy`,
    );
  };

  const readAll = async (): Promise<Accounts> => {
    const [stored, keys] = await Promise.all([
      readSecret(secrets.accounts),
      secrets.keys === undefined ? {} : readKeys(secrets.keys),
    ]);
    return parse(stored, keys);
  };

  let cached = createCachedRead(readAll, cacheTtlMs, nowMs);

  /** Writes a version and makes it the current one; false if another writer was faster. */
  const replace = async (text: string, previous: string | undefined): Promise<boolean> => {
    const SecretId = secrets.accounts;
    const { VersionId: versionId } = await client.send(
      new PutSecretValueCommand({ SecretId, SecretString: text, VersionStages: [pendingStage] }),
    );
    // Secrets Manager makes the first version of a secret the current one.
    if (previous === undefined) return (await readSecret(SecretId))?.versionId === versionId;
    try {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: currentStage,
          MoveToVersionId: versionId,
          RemoveFromVersionId: previous,
        }),
      );
      return true;
    } catch (cause) {
      const current = (await readSecret(SecretId))?.versionId;
      // The response of an earlier attempt was lost.
      if (current === versionId) return true;
      if (current !== previous) return false;
      throw cause;
    }
  };

  return {
    read: () => cached.read(),
    async update(change) {
      for (let attempt = 1; attempt <= maxUpdateAttempts; attempt += 1) {
        const stored = await readSecret(secrets.accounts);
        const { users, tokens } = await change(parse(stored, {}));
        const text = JSON.stringify({ users, tokens });
        const bytes = Buffer.byteLength(text);
        if (bytes > maxSecretBytes)
          throw new StoreFailure(
            "invalid",
            `The users and tokens have ${bytes} bytes; Secrets Manager stores ${maxSecretBytes}. Remove users, revoke tokens, or sign in with Cognito.`,
          );
        const isCurrent = await replace(text, stored?.versionId).catch((cause: unknown) => {
          throw toStoreFailure(`Changing secret ${secrets.accounts} failed`, cause);
        });
        cached = createCachedRead(readAll, cacheTtlMs, nowMs);
        if (isCurrent) return;
      }
      throw new StoreFailure(
        "transient",
        `Secret ${secrets.accounts} was changed by others ${maxUpdateAttempts} times in a row. Try again.`,
      );
    },
  };
};
