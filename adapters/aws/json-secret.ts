import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { toSecretFailure } from "./store-failure.ts";

const maxUpdateAttempts = 10;

/** Staging label of a version that is about to become the current one. */
const pendingStage = "REELWAY_PENDING";
const currentStage = "AWSCURRENT";

interface SecretValue {
  readonly versionId: string | undefined;
  /** Undefined if the secret is not JSON. */
  readonly value: unknown;
}

/** Reads the current version of a secret; undefined if it has no value. @throws StoreFailure */
export const readJsonSecret = async (
  client: SecretsManagerClient,
  secretId: string,
): Promise<SecretValue | undefined> => {
  try {
    const { SecretString: text, VersionId: versionId } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId, VersionStage: currentStage }),
    );
    return { versionId, value: text === undefined ? undefined : parseJson(text) };
  } catch (cause) {
    // Secrets Manager returns the same error for a secret without a value and for a secret that does not exist.
    if (cause instanceof ResourceNotFoundException && cause.message.includes(currentStage)) return undefined;
    throw toSecretFailure(`Reading secret ${secretId} failed`, cause);
  }
};

/** Writes a version and makes it the current one; false if another writer was faster. */
const replaceSecret = async (
  client: SecretsManagerClient,
  secretId: string,
  text: string,
  previous: string | undefined,
): Promise<boolean> => {
  const { VersionId: versionId } = await client.send(
    new PutSecretValueCommand({ SecretId: secretId, SecretString: text, VersionStages: [pendingStage] }),
  );
  // Secrets Manager makes the first version of a secret the current one.
  if (previous === undefined) return (await readJsonSecret(client, secretId))?.versionId === versionId;
  try {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretId,
        VersionStage: currentStage,
        MoveToVersionId: versionId,
        RemoveFromVersionId: previous,
      }),
    );
    return true;
  } catch (cause) {
    const current = (await readJsonSecret(client, secretId))?.versionId;
    // The response of an earlier attempt was lost.
    if (current === versionId) return true;
    if (current !== previous) return false;
    throw cause;
  }
};

/**
 * Changes a secret. Each change is a new version, which becomes the current one only if no other writer has changed the
 * secret; otherwise the change is made again.
 *
 * @param change returns the new text; undefined stands for a secret without a value
 * @throws StoreFailure, and what `change` throws
 */
export const updateJsonSecret = async (
  client: SecretsManagerClient,
  secretId: string,
  change: (stored: SecretValue | undefined) => string | Promise<string>,
): Promise<void> => {
  for (let attempt = 1; attempt <= maxUpdateAttempts; attempt += 1) {
    const stored = await readJsonSecret(client, secretId);
    const text = await change(stored);
    const isCurrent = await replaceSecret(client, secretId, text, stored?.versionId).catch(
      (cause: unknown) => {
        throw toSecretFailure(`Changing secret ${secretId} failed`, cause);
      },
    );
    if (isCurrent) return;
  }
  throw new StoreFailure(
    "transient",
    `Secret ${secretId} was changed by others ${maxUpdateAttempts} times in a row. Try again.`,
  );
};
