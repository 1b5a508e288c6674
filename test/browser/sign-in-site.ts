import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import type { IdentityProvider } from "../../lambdas/api/oidc.ts";
import type { Accounts } from "../../pipeline/access/accounts.ts";
import { createMemoryRateLimiter } from "../runtime/server/rate-limiter.ts";
import { serveApp } from "../runtime/server/serve-app.ts";
import { openBrowser } from "./browser.ts";

/** A server that requires authentication, with the output `notes.txt`, and a browser. */
export interface SignInSite {
  readonly origin: string;
  /** Opens a page without cookies. `violations` are the messages of its content security policy. */
  openPage(): Promise<{ context: BrowserContext; page: Page; violations: readonly string[] }>;
  close(): Promise<void>;
}

/** @param identityProvider absent: users sign in with a password */
export const openSignInSite = async ({
  addUsers = (accounts) => accounts,
  identityProvider,
}: {
  readonly addUsers?: (accounts: Accounts) => Accounts | Promise<Accounts>;
  readonly identityProvider?: IdentityProvider;
}): Promise<SignInSite> => {
  const root = await mkdtemp(join(tmpdir(), "reelway-sign-in-"));
  const clock = { now: () => new Date() };
  const accounts = createFileAccountStore(join(root, "accounts"));
  await accounts.update(addUsers);
  const [served, browser] = await Promise.all([
    serveApp({
      authentication: {
        accounts,
        clock,
        rateLimiter: createMemoryRateLimiter(clock),
        ...(identityProvider === undefined ? {} : { identityProvider }),
      },
    }),
    openBrowser(),
  ]);
  await served.objects.write(
    { bucket: "output", key: "notes.txt" },
    { text: "the notes" },
    { contentType: "text/plain" },
  );
  return {
    origin: `http://127.0.0.1:${served.server.port}`,
    async openPage() {
      const context = await browser.newContext();
      const page = await context.newPage();
      const violations: string[] = [];
      page.on("console", (message) => {
        if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
      });
      return { context, page, violations };
    },
    async close() {
      await browser.close();
      await served.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};
