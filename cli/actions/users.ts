import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { parseUserName, removeUser, setUser } from "../../pipeline/access/accounts.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { readNewPassword } from "../read-password.ts";

/** Options of `reelway users`. */
export interface UsersOptions {
  readonly data: string;
  readonly json?: true;
}

const openAccounts = ({ data }: UsersOptions) => createFileAccountStore(resolveDataFolder(data).accounts);

/** Adds a user or sets a user's password. */
export const addUser = async (text: string, options: UsersOptions): Promise<void> => {
  const name = parseUserName(text);
  const password = await readNewPassword();
  await openAccounts(options).update((accounts) => setUser(accounts, { name, password }, new Date()));
  process.stdout.write(`${toPrintable(name)}\n`);
};

/** Prints the users, in the order of their names. */
export const listUsers = async (options: UsersOptions): Promise<void> => {
  const accounts = await openAccounts(options).read();
  const users = accounts.users
    .map(({ name, createdAt }) => ({ name, createdAt }))
    .sort((a, b) => a.name.localeCompare(b.name));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ users }, null, 2)}\n`
      : users.map(({ name, createdAt }) => `${toPrintable(name)}  ${createdAt}\n`).join(""),
  );
};

/** Removes a user. */
export const deleteUser = async (name: string, options: UsersOptions): Promise<void> =>
  openAccounts(options).update((accounts) => removeUser(accounts, name));
