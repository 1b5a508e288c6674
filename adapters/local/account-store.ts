import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { type Accounts, accountsSchema, createAccounts } from "../../pipeline/access/accounts.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { createAtomically } from "./atomic-file.ts";
import { readJsonFile } from "./json-file.ts";
import { getSystemErrorCode } from "./system-error.ts";

const listVersions = async (directory: string): Promise<readonly number[]> => {
  try {
    return (await readdir(directory))
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => b - a);
  } catch (cause) {
    if (getSystemErrorCode(cause) === "ENOENT") return [];
    throw cause;
  }
};

const getPath = (directory: string, version: number): string => join(directory, `${version}.json`);

/** Reads and validates the newest accounts of a folder; undefined if none are stored. */
export const readAccountsFile = async (directory: string) => {
  for (;;) {
    const [version] = await listVersions(directory);
    if (version === undefined) return undefined;
    const path = getPath(directory, version);
    const file = await readJsonFile(path, accountsSchema);
    // Otherwise another process has replaced the version since the folder was listed.
    if (file.kind !== "missing") return { ...file, path, version };
  }
};

/** Age of a replaced version after which no change of it can be in progress, milliseconds. */
const minRemovalAgeMs = 10 * 60_000;

/**
 * Removes versions that were replaced long ago. A younger one keeps its name taken, so that a slow process, which has read
 * the version before it, cannot create it again.
 */
const removeOldVersions = async (directory: string, newest: number): Promise<void> => {
  for (const version of await listVersions(directory)) {
    const path = getPath(directory, version);
    const stats = version > newest ? undefined : await stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > minRemovalAgeMs) await rm(path, { force: true });
  }
};

/**
 * Accounts in a folder, readable for its owner only. Each change is a new file `N.json`, created only if no other process
 * has created it, so that concurrent changes are not lost.
 */
export const createFileAccountStore = (directory: string): AccountStore => {
  const readNewest = async (): Promise<{ readonly version: number; readonly accounts: Accounts }> => {
    const file = await readAccountsFile(directory);
    if (file === undefined) return { version: 0, accounts: createAccounts() };
    if (file.kind === "valid") return { version: file.version, accounts: file.value };
    throw new StoreFailure(
      "invalid",
      `${file.path} ${file.reason}. Restore it from a copy, or delete it and create the users and tokens again.`,
    );
  };

  return {
    read: async () => (await readNewest()).accounts,
    async update(change) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      for (;;) {
        const { version, accounts } = await readNewest();
        const text = `${JSON.stringify(await change(accounts), null, 2)}\n`;
        if (!(await createAtomically(getPath(directory, version + 1), text, { mode: 0o600 }))) continue;
        await removeOldVersions(directory, version);
        return;
      }
    },
  };
};
