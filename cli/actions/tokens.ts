import { createToken, findUser, revokeToken } from "../../pipeline/access/accounts.ts";
import type { TokenScope } from "../../pipeline/access/token-scope.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { type AccountsLocation, openAccounts } from "./open-accounts.ts";

/** Options of `reelway tokens`. */
export interface TokensOptions extends AccountsLocation {
  readonly json?: true;
}
/** Options of `reelway tokens create`. */
export interface CreateTokenOptions extends TokensOptions {
  readonly scope: TokenScope;
  readonly days: number;
  /** Name of the user that the token acts for. */
  readonly user?: string;
}

/** Creates a token and prints it. */
export const addToken = async (name: string, options: CreateTokenOptions): Promise<void> => {
  let created: { readonly id: string; readonly token: string } | undefined;
  await (await openAccounts(options)).update((accounts) => {
    const { scope, days, user } = options;
    const ownerId = user === undefined ? undefined : findUser(accounts, user).id;
    const {
      accounts: changed,
      id,
      token,
    } = createToken(accounts, { name, scope, days, ownerId }, new Date());
    created = { id, token };
    return changed;
  });
  process.stdout.write(options.json ? `${JSON.stringify(created, null, 2)}\n` : `${created?.token}\n`);
};

/** Prints the tokens without their secrets, the oldest first. */
export const listTokens = async (options: TokensOptions): Promise<void> => {
  const accounts = await (await openAccounts(options)).read();
  const tokens = accounts.tokens.map(({ secretHash: _, ...token }) => ({
    ...token,
    user: accounts.users.find(({ id }) => id === token.ownerId)?.name ?? null,
  }));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ tokens }, null, 2)}\n`
      : tokens
          .map(
            ({ id, scope, expiresAt, user, name }) =>
              `${id}  ${scope}  ${expiresAt}  ${user === null ? "operator" : toPrintable(user)}  ${toPrintable(name)}\n`,
          )
          .join(""),
  );
};

/** Revokes a token. */
export const deleteToken = async (id: string, options: TokensOptions): Promise<void> =>
  (await openAccounts(options)).update((accounts) => revokeToken(accounts, id));
