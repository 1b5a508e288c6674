import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { createIdentityProvider } from "../../lambdas/api/oidc.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { openIdentityProvider, type TestIdentityProvider } from "../runtime/server/identity-provider.ts";
import { createMemoryRateLimiter } from "../runtime/server/rate-limiter.ts";
import { type ServedApp, serveApp } from "../runtime/server/serve-app.ts";
import { openBrowser } from "./browser.ts";

const password = "correct horse battery";

describe("the sign-in page in a browser", function () {
  this.timeout(120_000);
  let root: string;
  let browser: Browser;
  let served: ServedApp;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-sign-in-"));
    const clock = { now: () => new Date() };
    const accounts = createFileAccountStore(join(root, "accounts"));
    await accounts.update((stored) =>
      setUser(stored, { name: "ann", password, isOperator: true }, clock.now()),
    );
    [served, browser] = await Promise.all([
      serveApp({ authentication: { accounts, clock, rateLimiter: createMemoryRateLimiter(clock) } }),
      openBrowser(),
    ]);
    await served.objects.write(
      { bucket: "output", key: "notes.txt" },
      { text: "the notes" },
      { contentType: "text/plain" },
    );
  });
  after(async () => {
    await browser?.close();
    await served?.close();
    await rm(root, { recursive: true, force: true });
  });

  it("opens instead of an output, reports a wrong password, and leads to the output", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const violations: string[] = [];
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
    });
    const output = `http://127.0.0.1:${served.server.port}/output/notes.txt`;
    const signIn = async (secret: string) => {
      await page.getByLabel("Name").fill("ann");
      await page.getByLabel("Password").fill(secret);
      await page.getByRole("button", { name: "Sign in" }).click();
    };

    await page.goto(output);
    expect(new URL(page.url()).pathname).to.equal("/sign-in");
    await signIn("wrong");
    expect(await page.getByRole("alert").textContent()).to.include("The name or the password is wrong.");
    await signIn(password);
    await page.waitForURL(output);
    expect(await page.textContent("body")).to.equal("the notes");
    const [cookie] = await context.cookies();
    expect(cookie).to.deep.include({ name: "reelway_session", httpOnly: true, sameSite: "Lax" });
    // An output may not fetch anything.
    await page.goto(new URL("/jobs", output).href);
    const signedOut = await page.evaluate(
      `fetch("/session", { method: "DELETE" }).then(async ({ status }) => [status, (await fetch("/jobs")).status])`,
    );
    expect(signedOut).to.deep.equal([204, 401]);
    expect(violations).to.deep.equal([]);
    await context.close();
  });
});

describe("the sign-in at an OpenID Connect provider in a browser", function () {
  this.timeout(120_000);
  let root: string;
  let browser: Browser;
  let served: ServedApp;
  let provider: TestIdentityProvider;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-oidc-"));
    const clock = { now: () => new Date() };
    const accounts = createFileAccountStore(join(root, "accounts"));
    await accounts.update((stored) => stored);
    // Another site than the server, as on the internet.
    provider = await openIdentityProvider("localhost");
    provider.users.set("carol", { email: "carol@example.org", groups: ["operators"] });
    [served, browser] = await Promise.all([
      serveApp({
        authentication: {
          accounts,
          clock,
          rateLimiter: createMemoryRateLimiter(clock),
          identityProvider: createIdentityProvider({ ...provider, groupsClaim: "groups" }),
        },
      }),
      openBrowser(),
    ]);
    provider.register(`http://127.0.0.1:${served.server.port}`, true);
    await served.objects.write(
      { bucket: "output", key: "notes.txt" },
      { text: "the notes" },
      { contentType: "text/plain" },
    );
  });
  after(async () => {
    await browser?.close();
    await served?.close();
    await provider?.close();
    await rm(root, { recursive: true, force: true });
  });

  it("leads to the output, and ends both sessions", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const violations: string[] = [];
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
    });
    const origin = `http://127.0.0.1:${served.server.port}`;
    const openProvider = async () => {
      await page.goto(`${origin}/output/notes.txt`);
      expect(new URL(page.url()).origin).to.equal(provider.issuer);
    };

    await openProvider();
    await page.getByRole("link", { name: "Cancel" }).click();
    expect(await page.getByRole("alert").textContent()).to.include("The sign-in was canceled");
    await page.getByRole("link", { name: "Try again" }).click();
    await page.getByPlaceholder("Enter any login").fill("carol");
    await page.getByPlaceholder("and password").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(`${origin}/output/notes.txt`);
    expect(await page.textContent("body")).to.equal("the notes");

    await page.goto(`${origin}/sign-out`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Yes, sign me out" }).click();
    await page.waitForURL((url) => url.origin === origin);
    expect(await page.getByRole("heading").textContent()).to.equal("You are signed out");
    await openProvider();
    expect(await page.getByPlaceholder("Enter any login").count()).to.equal(1);
    expect(violations).to.deep.equal([]);
    await context.close();
  });
});
