import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { rotateSessionKey } from "../../pipeline/access/accounts.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { readDeployment } from "./deployment.ts";

/** Where the accounts are: a stage, else a data folder. */
export interface AccountsLocation {
  readonly data: string;
  readonly stage?: string;
}

const openSecrets = async (stage: string) => {
  const [{ deployment, names }, { SecretsManagerClient }] = await Promise.all([
    readDeployment(stage),
    import("@aws-sdk/client-secrets-manager"),
  ]);
  return { names, client: new SecretsManagerClient({ ...commandClientOptions, region: deployment.region }) };
};

/** Opens the accounts of a stage, or of the runtime on this machine. @throws UsageError for an unknown stage */
export const openAccounts = async ({ data, stage }: AccountsLocation): Promise<AccountStore> => {
  if (stage === undefined) return createFileAccountStore(resolveDataFolder(data).accounts);
  const { names, client } = await openSecrets(stage);
  const { createSecretAccountStore } = await import("../../adapters/aws/account-store.ts");
  return createSecretAccountStore(client, { accounts: names.accounts });
};

/**
 * Replaces the key that signs the sessions of a stage, or of the runtime on this machine.
 *
 * @param endsSessions whether all sessions end; otherwise they stay valid until they expire
 * @throws UsageError for an unknown stage
 */
export const replaceSessionKey = async (
  { data, stage }: AccountsLocation,
  endsSessions: boolean,
): Promise<void> => {
  if (stage === undefined)
    return (await openAccounts({ data })).update((accounts) => rotateSessionKey(accounts, endsSessions));
  const { names, client } = await openSecrets(stage);
  const { rotateSecretSessionKey } = await import("../../adapters/aws/api-keys.ts");
  return rotateSecretSessionKey(client, names.api, endsSessions);
};
