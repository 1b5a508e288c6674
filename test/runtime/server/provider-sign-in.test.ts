import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { createFileAccountStore } from "../../../adapters/local/account-store.ts";
import { createIdentityProvider } from "../../../lambdas/api/oidc.ts";
import type { AccountStore } from "../../../pipeline/access/account-store.ts";
import { rotateSessionKey } from "../../../pipeline/access/accounts.ts";
import {
  openIdentityProvider,
  readIdToken,
  signIdToken,
  type TestIdentityProvider,
} from "./identity-provider.ts";
import { createMemoryRateLimiter } from "./rate-limiter.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";
import { SignInClient } from "./sign-in-client.ts";

describe("the sign-in at an OpenID Connect provider", function () {
  this.timeout(30_000);
  let root: string;
  let served: ServedApp;
  let provider: TestIdentityProvider;
  let accounts: AccountStore;
  let origin: string;
  /** Milliseconds that the server's clock is ahead. */
  let aheadMs: number;
  let waitSeconds: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-oidc-"));
    accounts = createFileAccountStore(join(root, "accounts"));
    // Otherwise each read would create another session key.
    await accounts.update((stored) => stored);
    provider = await openIdentityProvider();
    aheadMs = 0;
    waitSeconds = 0;
    const clock = { now: () => new Date(Date.now() + aheadMs) };
    const limiter = createMemoryRateLimiter(clock);
    served = await serveApp({
      authentication: {
        accounts,
        clock,
        rateLimiter: {
          take: async (...event) => (waitSeconds > 0 ? waitSeconds : limiter.take(...event)),
        },
        identityProvider: createIdentityProvider({ ...provider, groupsClaim: "groups" }),
      },
    });
    origin = `http://127.0.0.1:${served.server.port}`;
    provider.register(origin, true);
    provider.users.set("carol", {
      email: "Carol@example.org",
      email_verified: true,
      groups: ["operators", "x"],
    });
    provider.users.set("dave", { email: "dave@example.org", groups: ["editors"] });
  });
  afterEach(async () => {
    await served.close();
    await provider.close();
    await rm(root, { recursive: true, force: true });
  });

  const openCallback = (client: SignInClient, login: string | undefined, next = "/output/a%20b.mp4?t=1") =>
    client.openCallback(`${origin}/sign-in?${new URLSearchParams({ next })}`, login);
  const getSession = async (client: SignInClient) => {
    const response = await client.send(`${origin}/session`);
    return response.status === 200 ? await response.json() : undefined;
  };
  /** Checks that a page explains a failure, links to another attempt, and signs nobody in. */
  const expectFailure = async (
    client: SignInClient,
    response: Response,
    status: number,
    text: string,
    next = "/output/a%20b.mp4?t=1",
  ) => {
    const body = await response.text();
    expect({ status: response.status, body }).to.include({ status });
    expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
    expect(body).to.include(text);
    expect(body).to.include(
      `<a class="button" href="/sign-in?${new URLSearchParams({ next })}">Try again</a>`,
    );
    expect(body).to.not.match(/at .+:\d+:\d+|node_modules/);
    expect(await getSession(client)).to.equal(undefined);
  };

  for (const hasClaimsInIdToken of [true, false])
    it(`starts a session with the claims of ${hasClaimsInIdToken ? "the ID token" : "userinfo"}, and opens the path`, async () => {
      provider.register(origin, hasClaimsInIdToken);
      const client = new SignInClient();
      const response = await client.send(await openCallback(client, "carol"));

      expect(response.status).to.equal(200);
      expect(await response.text()).to.include(
        '<meta http-equiv="refresh" content="0;url=/output/a%20b.mp4?t=1">',
      );
      expect(response.headers.get("cache-control")).to.equal("no-store");
      expect([...(client.cookies.get(origin)?.keys() ?? [])]).to.deep.equal(["reelway_session"]);
      expect(response.headers.getSetCookie().at(-1)).to.match(
        /^reelway_session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      expect(await getSession(client)).to.deep.equal({
        name: "carol@example.org",
        scope: "write",
        isOperator: true,
      });
      expect((await client.send(`${origin}/jobs`)).status).to.equal(200);
    });

  it("makes an operator of nobody who is not in the group", async () => {
    const client = new SignInClient();
    await client.send(await openCallback(client, "dave"));

    expect(await getSession(client)).to.include({ name: "dave@example.org", isOperator: false });
  });

  it("asks for a code with PKCE, state and nonce, in a cookie that scripts cannot read", async () => {
    const response = await new SignInClient().send(`${origin}/sign-in`);
    const url = new URL(response.headers.get("location") ?? "");
    const query = Object.fromEntries(url.searchParams);

    expect(response.status).to.equal(303);
    expect(url.origin).to.equal(provider.issuer);
    expect(query).to.include({
      client_id: provider.clientId,
      redirect_uri: `${origin}/sign-in/callback`,
      response_type: "code",
      scope: "openid email",
      code_challenge_method: "S256",
    });
    expect(query.state?.length).to.be.at.least(43);
    expect(query.nonce?.length).to.be.at.least(43);
    expect(response.headers.getSetCookie()).to.have.length(1);
    expect(response.headers.getSetCookie()[0]).to.match(
      /^reelway_sign_in=[^;]+; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it("lasts for 12 hours, until the sign-out or until all sessions end", async () => {
    const client = new SignInClient();
    await client.send(await openCallback(client, "carol"));

    await accounts.update((stored) => rotateSessionKey(stored, false));
    expect(await getSession(client)).to.not.equal(undefined);
    aheadMs = 12 * 3_600_000;
    expect(await getSession(client)).to.equal(undefined);
    aheadMs = 0;
    await accounts.update((stored) => rotateSessionKey(stored, true));
    expect(await getSession(client)).to.equal(undefined);
  });

  it("explains that the user has canceled it", async () => {
    const client = new SignInClient();
    const url = await openCallback(client, undefined);

    await expectFailure(client, await client.send(url), 403, "The sign-in was canceled");
  });

  for (const [title, claims, text] of [
    ["no e-mail address", {}, "has no e-mail address for you"],
    [
      "an e-mail address that is not verified",
      { email: "a@example.org", email_verified: false },
      "not verified",
    ],
    ["an e-mail address with a line break", { email: "a@example.org\nx" }, "has no e-mail address for you"],
  ] as const)
    it(`refuses a user with ${title}`, async () => {
      provider.users.set("erin", claims);
      const client = new SignInClient();

      const response = await client.send(await openCallback(client, "erin"));
      expect(await response.clone().text()).to.include('href="/sign-out/provider">Use another account</a>');
      await expectFailure(client, response, 403, text);
    });

  it("refuses a response that another browser or another attempt has started, that is late, or a second time", async () => {
    const client = new SignInClient();
    const url = await openCallback(client, "carol");
    const withState = (state: string): string => {
      const altered = new URL(url);
      altered.searchParams.set("state", state);
      return altered.href;
    };
    const stranger = new SignInClient();
    const secondTab = new SignInClient();
    await secondTab.send(`${origin}/sign-in`);

    await expectFailure(stranger, await stranger.send(url), 400, "has expired", "/");
    await expectFailure(secondTab, await secondTab.send(url), 400, "Another sign-in was started", "/");
    await expectFailure(client, await client.send(withState("x")), 400, "Another sign-in", "/");
    await expectFailure(client, await client.send(`${url}&state=x`), 400, "Another sign-in", "/");
    aheadMs = 16 * 60_000;
    await expectFailure(client, await client.send(url), 400, "has expired", "/");
    aheadMs = 0;
    expect((await client.send(url)).status).to.equal(200);
    const again = await client.send(url);
    expect(again.status).to.equal(400);
    expect(again.headers.getSetCookie()).to.deep.equal([]);
  });

  it("refuses a code that was already used, also with the cookie of its sign-in", async () => {
    const client = new SignInClient();
    const url = await openCallback(client, "carol");
    const thief = new SignInClient();
    thief.cookies.set(origin, new Map(client.cookies.get(origin)));
    await client.send(url);

    await expectFailure(thief, await thief.send(url), 400, "was already used");
  });

  it("refuses an altered cookie", async () => {
    const client = new SignInClient();
    const url = await openCallback(client, "carol");
    const [payload = "", signature] = client.cookies.get(origin)?.get("reelway_sign_in")?.split(".") ?? [];
    const value = JSON.parse(Buffer.from(payload, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...value, next: "//evil.example" })).toString("base64url");
    client.cookies.get(origin)?.set("reelway_sign_in", `${forged}.${signature}`);

    await expectFailure(client, await client.send(url), 400, "has expired", "/");
  });

  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const invalid = "The response of the identity provider is not valid.";
  for (const [title, change, text] of [
    [
      "has other claims than were signed",
      (token: string) => {
        const [header, , signature] = token.split(".");
        const claims = { ...readIdToken(token), groups: ["operators"] };
        return `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
      },
      invalid,
    ],
    [
      "has no signature",
      (token: string) => {
        const header = Buffer.from('{"alg":"none"}').toString("base64url");
        return `${header}.${token.split(".")[1]}.`;
      },
      invalid,
    ],
    [
      "is for another client",
      (token: string) => signIdToken({ ...readIdToken(token), aud: "other" }),
      invalid,
    ],
    [
      "is of another issuer",
      (token: string) => signIdToken({ ...readIdToken(token), iss: "http://127.0.0.1:1" }),
      invalid,
    ],
    ["is of another sign-in", (token: string) => signIdToken({ ...readIdToken(token), nonce: "x" }), invalid],
    [
      "has expired",
      (token: string) =>
        signIdToken({ ...readIdToken(token), iat: nowSeconds() - 3600, exp: nowSeconds() - 60 }),
      "The clocks of this server and of the identity provider may differ.",
    ],
    [
      "is not valid yet",
      (token: string) => signIdToken({ ...readIdToken(token), nbf: nowSeconds() + 3600 }),
      "The clocks of this server and of the identity provider may differ.",
    ],
  ] as const)
    it(`refuses an ID token that ${title}`, async () => {
      const client = new SignInClient();
      const url = await openCallback(client, "carol");
      provider.changeIdToken = change;

      await expectFailure(client, await client.send(url), 502, text);
    });

  it("accepts an ID token that is signed again without a change", async () => {
    const client = new SignInClient();
    const url = await openCallback(client, "carol");
    provider.changeIdToken = (token) => signIdToken(readIdToken(token));

    expect((await client.send(url)).status).to.equal(200);
    expect(await getSession(client)).to.include({ name: "carol@example.org" });
  });

  it("explains that the provider does not respond, and works again once it does", async () => {
    const client = new SignInClient();
    const start = () => client.send(`${origin}/sign-in?${new URLSearchParams({ next: "/jobs?x=1" })}`);
    provider.override = (request) => void request.socket.destroy();
    await expectFailure(client, await start(), 503, "does not respond", "/jobs?x=1");
    provider.override = (_, response) => void response.writeHead(500).end("<pre>stack</pre>");
    await expectFailure(client, await start(), 503, "does not respond", "/jobs?x=1");
    provider.override = undefined;
    const url = await openCallback(client, "carol");
    provider.override = (request) => void request.socket.destroy();
    await expectFailure(client, await client.send(url), 503, "does not respond");
    provider.override = undefined;

    expect((await client.send(await openCallback(client, "carol"))).status).to.equal(200);
  });

  it("gives up when the provider does not respond within five seconds", async () => {
    const client = new SignInClient();
    provider.override = () => undefined;
    const startMs = performance.now();
    await expectFailure(client, await client.send(`${origin}/sign-in`), 503, "does not respond", "/");

    expect(performance.now() - startMs).to.be.within(4000, 9000);
  });

  it("explains a provider whose description is of another issuer", async () => {
    provider.override = (_, response) =>
      void response
        .writeHead(200, { "content-type": "application/json" })
        .end(
          JSON.stringify({ issuer: "https://evil.example", authorization_endpoint: "https://evil.example/" }),
        );
    const client = new SignInClient();

    await expectFailure(client, await client.send(`${origin}/sign-in`), 502, invalid, "/");
  });

  it("limits the attempts per client address", async () => {
    const client = new SignInClient();
    const url = await openCallback(client, "carol");
    waitSeconds = 7;
    const response = await client.send(url);

    expect(response.headers.get("retry-after")).to.equal("7");
    await expectFailure(client, response, 429, "Try again in 7 s.");
  });

  it("has no way to sign in with a password", async () => {
    const client = new SignInClient();
    const headers = { origin, "content-type": "application/json" };
    const body = JSON.stringify({ name: "carol", password: "any" });
    const json = await client.send(`${origin}/session`, { method: "POST", headers, body });
    const form = await client.send(`${origin}/sign-in`, {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams({ name: "carol", password: "any" }),
    });

    expect(json.status).to.equal(405);
    expect(form.status).to.equal(404);
  });

  it("ends both sessions: the server's own, then the provider's", async () => {
    const client = new SignInClient();
    await client.send(await openCallback(client, "carol"));
    const form = await client.send(`${origin}/sign-out`);
    expect(await form.text()).to.include("You are signed in as carol@example.org.");
    const foreign = await client.send(`${origin}/sign-out`, { method: "POST" });
    expect(foreign.status).to.equal(403);
    expect(await getSession(client)).to.not.equal(undefined);
    const signedOut = await client.send(`${origin}/sign-out`, { method: "POST", headers: { origin } });
    const page = await signedOut.text();
    const redirect = await client.send(`${origin}/sign-out/provider`);
    const url = new URL(redirect.headers.get("location") ?? "");

    expect(await getSession(client)).to.equal(undefined);
    expect(page).to.include('<meta http-equiv="refresh" content="0;url=/sign-out/provider">');
    expect(url.origin + url.pathname).to.equal(`${provider.issuer}/session/end`);
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({
      client_id: provider.clientId,
      post_logout_redirect_uri: `${origin}/sign-out`,
    });
    const end = await (await client.send(redirect.headers.get("location") ?? "")).text();
    expect(end).to.include("Do you want to sign-out from");
    const returned = await (await client.send(`${origin}/sign-out`)).text();
    expect(returned).to.include("You are signed out").and.include('href="/sign-out/provider"');
    expect(returned).to.not.include("http-equiv");
  });

  it("answers any response of a provider with a page, never with an internal error", async () => {
    const client = new SignInClient();
    await client.send(`${origin}/sign-in`);
    const cookie = client.cookies.get(origin)?.get("reelway_sign_in") ?? "";
    const { state } = JSON.parse(Buffer.from(cookie.split(".")[0] ?? "", "base64url").toString());
    const name = fc.constantFrom(
      "code",
      "state",
      "error",
      "error_description",
      "iss",
      "response",
      "id_token",
    );
    const value = fc.oneof(
      fc.constantFrom(state, provider.issuer, "access_denied", "invalid_request"),
      fc.string({ unit: "binary-ascii" }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, value), { maxLength: 4 }),
        fc.boolean(),
        async (query, hasState) => {
          const pairs: [string, string][] = hasState ? [["state", state], ...query] : query;
          const response = await fetch(`${origin}/sign-in/callback?${new URLSearchParams(pairs)}`, {
            headers: { cookie: `reelway_sign_in=${cookie}` },
          });
          expect(response.status).to.be.oneOf([400, 403, 429, 502, 503]);
          expect(await response.text()).to.include("Try again");
        },
      ),
      { numRuns: 60 },
    );
    expect(served.failures.filter((failure) => JSON.stringify(failure)?.includes("path"))).to.deep.equal([]);
  });
});
