import { randomBytes } from "node:crypto";
import { createFileAccountStore } from "../adapters/local/account-store.ts";
import type { AuthenticationPorts } from "../lambdas/api/authentication.ts";
import { createIdentityProvider, type IdentityProviderOptions } from "../lambdas/api/oidc.ts";

/**
 * Creates the authentication of a runtime, with a new token for the commands of the user who starts it.
 *
 * @param accounts folder of the accounts
 * @param identityProvider undefined: users sign in at the server, with a password
 */
export const createRuntimeAuthentication = (
  accounts: string,
  identityProvider: IdentityProviderOptions | undefined,
  ports: Pick<AuthenticationPorts, "rateLimiter" | "clock">,
): AuthenticationPorts & { readonly commandToken: string } => ({
  ...ports,
  accounts: createFileAccountStore(accounts),
  commandToken: randomBytes(32).toString("base64url"),
  ...(identityProvider === undefined ? {} : { identityProvider: createIdentityProvider(identityProvider) }),
});
