import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { createSignInLimiter } from "../../pipeline/access/sign-in-limiter.ts";
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
      serveApp({ authentication: { accounts, clock, signInLimiter: createSignInLimiter(clock) } }),
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
