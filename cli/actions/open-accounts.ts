import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { rotateSessionKey } from "../../pipeline/access/accounts.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { readDeployment } from "./deployment.ts";
import { createStageRequest } from "./stage-request.ts";

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
  const { region } = deployment;
  return {
    names,
    client: new SecretsManagerClient({ ...commandClientOptions, region }),
    request: createStageRequest({ stage, region }),
  };
};

/** Opens the accounts of a stage, or of the runtime on this machine. @throws UsageError for an unknown stage */
export const openAccounts = async ({ data, stage }: AccountsLocation): Promise<AccountStore> => {
  if (stage === undefined) return createFileAccountStore(resolveDataFolder(data).accounts);
  const { names, client, request } = await openSecrets(stage);
  const { createSecretAccountStore } = await import("../../adapters/aws/account-store.ts");
  const accounts = createSecretAccountStore(client, { accounts: names.accounts });
  return {
    read: () => request(accounts.read),
    update: (change) => request(() => accounts.update(change)),
  };
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
  const { names, client, request } = await openSecrets(stage);
  const { rotateSecretSessionKey } = await import("../../adapters/aws/api-keys.ts");
  return request(() => rotateSecretSessionKey(client, names.api, endsSessions));
};
