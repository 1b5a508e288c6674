import { isOperator, parseUserName, removeUser, setUser } from "../../pipeline/access/accounts.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { readNewPassword } from "../read-password.ts";
import { type AccountsLocation, openAccounts, replaceSessionKey } from "./open-accounts.ts";

/** Options of `reelway users`. */
export interface UsersOptions extends AccountsLocation {
  readonly json?: true;
}

/** Options of `reelway users add`. */
export interface AddUserOptions extends UsersOptions {
  /** Absent: unchanged, false for a new user. */
  readonly operator?: boolean;
}

/** Options of `reelway users rotate-key`. */
export interface RotateKeyOptions extends AccountsLocation {
  readonly endSessions?: true;
}

/** Adds a user or sets a user's password. */
export const addUser = async (text: string, options: AddUserOptions): Promise<void> => {
  const name = parseUserName(text);
  const accounts = await openAccounts(options);
  const password = await readNewPassword();
  await accounts.update((stored) =>
    setUser(stored, { name, password, isOperator: options.operator }, new Date()),
  );
  process.stdout.write(`${toPrintable(name)}\n`);
  if (options.operator === undefined && !(await accounts.read()).users.some(isOperator))
    process.stderr.write(
      "The user sees only their own uploads, and no user is an operator, who sees everything. To make the user one, run the command again with --operator.\n",
    );
};

/** Prints the users, in the order of their names. */
export const listUsers = async (options: UsersOptions): Promise<void> => {
  const accounts = await (await openAccounts(options)).read();
  const users = accounts.users
    .map(({ name, id, groups, createdAt }) => ({ name, id, groups, createdAt }))
    .sort((a, b) => a.name.localeCompare(b.name));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ users }, null, 2)}\n`
      : users
          .map(
            ({ name, groups, createdAt }) =>
              `${toPrintable(name)}  ${groups.join(",") || "-"}  ${createdAt}\n`,
          )
          .join(""),
  );
};

/** Removes a user. */
export const deleteUser = async (name: string, options: UsersOptions): Promise<void> =>
  (await openAccounts(options)).update((accounts) => removeUser(accounts, name));

/** Replaces the key that signs sessions. */
export const rotateKey = ({ endSessions, ...location }: RotateKeyOptions): Promise<void> =>
  replaceSessionKey(location, endSessions === true);
