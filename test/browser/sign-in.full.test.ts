import { expect } from "chai";
import { createIdentityProvider } from "../../lambdas/api/oidc.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { openIdentityProvider, type TestIdentityProvider } from "../runtime/server/identity-provider.ts";
import { openSignInSite, type SignInSite } from "./sign-in-site.ts";

const password = "correct horse battery";

describe("the sign-in page in a browser", function () {
  this.timeout(120_000);
  let site: SignInSite;
  before(async () => {
    site = await openSignInSite({
      addUsers: (accounts) => setUser(accounts, { name: "ann", password, isOperator: true }, new Date()),
    });
  });
  after(() => site?.close());

  it("opens instead of an output, reports a wrong password, and leads to the output", async () => {
    const { context, page, violations } = await site.openPage();
    const output = `${site.origin}/output/notes.txt`;
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
  let site: SignInSite;
  let provider: TestIdentityProvider;
  before(async () => {
    // Another site than the server, as on the internet.
    provider = await openIdentityProvider("localhost");
    provider.users.set("carol", { email: "carol@example.org", groups: ["operators"] });
    site = await openSignInSite({
      identityProvider: createIdentityProvider({ ...provider, groupsClaim: "groups" }),
    });
    provider.register(site.origin, true);
  });
  after(async () => {
    await site?.close();
    await provider?.close();
  });

  it("leads to the output, and ends both sessions", async () => {
    const { context, page, violations } = await site.openPage();
    const { origin } = site;
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
