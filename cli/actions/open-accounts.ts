import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { readDeployment } from "./deployment.ts";

/** Where the accounts are: a stage, else a data folder. */
export interface AccountsLocation {
  readonly data: string;
  readonly stage?: string;
}

/** Opens the accounts of a stage, or of the runtime on this machine. @throws UsageError for an unknown stage */
export const openAccounts = async ({ data, stage }: AccountsLocation): Promise<AccountStore> => {
  if (stage === undefined) return createFileAccountStore(resolveDataFolder(data).accounts);
  const [{ deployment, names }, { SecretsManagerClient }, { createSecretAccountStore }] = await Promise.all([
    readDeployment(stage),
    import("@aws-sdk/client-secrets-manager"),
    import("../../adapters/aws/account-store.ts"),
  ]);
  return createSecretAccountStore(new SecretsManagerClient({ region: deployment.region }), {
    accounts: names.accounts,
  });
};
