import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createFileAccountStore } from "../../../adapters/local/account-store.ts";
import type { AccountStore } from "../../../pipeline/access/account-store.ts";
import {
  type Accounts,
  createAccounts,
  createToken,
  removeUser,
  setUser,
} from "../../../pipeline/access/accounts.ts";
import { sessionSeconds } from "../../../pipeline/access/session.ts";
import { checkDocumented, readOpenApi } from "./api-client.ts";
import { createMemoryRateLimiter } from "./rate-limiter.ts";
import { type Answer, sendRequest } from "./raw-request.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";

const password = "correct horse battery";
const commandToken = "token-of-the-command-line";
/** As Chromium sends them for a form or script of the same page. */
const ownPage = { "sec-fetch-site": "same-origin" };

const readProblem = ({ body }: Answer): { readonly type: string; readonly detail: string } =>
  JSON.parse(body);
const getCookie = ({ headers }: Answer): string => String(headers["set-cookie"]).split(";")[0] ?? "";

describe("a server that requires authentication", () => {
  let root: string;
  let served: ServedApp;
  let accounts: AccountStore;
  let nowMs: number;
  /** A hash takes some tenths of a second, so it is computed once. */
  let user: Accounts["users"][number];
  before(async () => {
    const { users } = await setUser(createAccounts(), { name: "any", password }, new Date());
    [user = user] = users;
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-authentication-"));
    nowMs = Date.parse("2026-11-29T12:00:00Z");
    const clock = { now: () => new Date(nowMs) };
    accounts = createFileAccountStore(join(root, "accounts"));
    served = await serveApp({
      authentication: { accounts, clock, rateLimiter: createMemoryRateLimiter(clock), commandToken },
    });
  });
  afterEach(async () => {
    await served.close();
    await rm(root, { recursive: true, force: true });
  });
  const send = (path: string, options: Parameters<typeof sendRequest>[2] = {}) =>
    sendRequest(served.server.port, path, options);
  const addUser = (name: string, groups: Accounts["users"][number]["groups"] = []) =>
    accounts.update((stored) => ({
      ...stored,
      users: [...stored.users, { ...user, id: `id-of-${name}`, name, groups }],
    }));
  const addToken = async (
    scope: "read" | "write",
    ownerId?: string,
  ): Promise<{ readonly authorization: string }> => {
    let token = "";
    await accounts.update((stored) => {
      const created = createToken(
        stored,
        { name: `${scope} token`, scope, days: 1, ownerId },
        new Date(nowMs),
      );
      token = created.token;
      return created.accounts;
    });
    return { authorization: `Bearer ${token}` };
  };
  const signIn = (name: string, secret = password) =>
    send("/session", {
      method: "POST",
      headers: { ...ownPage, "content-type": "application/json" },
      body: JSON.stringify({ name, password: secret }),
    });

  it("rejects requests without credentials on every path but those of the sign-in", async () => {
    const paths = [
      "/jobs",
      "/jobs/abc/cancel",
      "/output/a.mp4",
      "/input/a.mp4",
      "/reelway/runtime",
      "/s3/params",
      "/presignedurl/course/1?mail=a@example.org",
      "/s3/multipart",
      "/nothing",
    ];
    for (const path of paths)
      for (const method of ["GET", "POST", "PUT", "DELETE"]) {
        const answer = await send(path, { method });
        expect(answer.status, `${method} ${path}`).to.equal(401);
        expect(answer.headers["www-authenticate"]).to.equal('Bearer realm="reelway"');
        expect(readProblem(answer).type).to.equal("/problems/authentication-required");
      }
    // The page has no data of its own.
    for (const path of ["/sign-in", "/openapi.json", "/reference", "/", "/watch/abc"])
      expect((await send(path)).status, path).to.equal(200);
  });

  it("accepts a form that it has signed without credentials, and reads the upload only with them", async () => {
    const query = new URLSearchParams({ filename: "a.mp4", type: "video/mp4" });
    const writer = await addToken("write");
    const signed = JSON.parse((await send(`/s3/params?${query}`, { headers: writer })).body);
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(signed.fields)) form.append(name, value);
    form.append("file", new Blob(["a film"]));
    const origin = `http://127.0.0.1:${served.server.port}`;
    const { status } = await fetch(new URL(signed.url, origin), { method: "POST", body: form });
    expect(status).to.equal(204);
    expect((await send("/input/a.mp4")).status).to.equal(401);
    expect((await send("/input/a.mp4", { headers: writer })).body).to.equal("a film");
  });

  it("accepts a user with the session cookie until the session expires or ends", async () => {
    await addUser("ann");
    const answer = await signIn("Ann");
    const headers = { cookie: getCookie(answer) };

    expect(answer.headers["set-cookie"]).to.match(
      new RegExp(`^reelway_session=[^;]+; Max-Age=${sessionSeconds}; Path=/; HttpOnly; SameSite=Lax$`),
    );
    expect(JSON.parse((await send("/session", { headers })).body)).to.deep.equal({
      name: "ann",
      scope: "write",
      isOperator: false,
    });
    expect((await send("/jobs", { headers })).status).to.equal(200);
    nowMs += 1000 * sessionSeconds;
    expect((await send("/jobs", { headers })).status).to.equal(401);
  });

  it("names the groups of its callers", async () => {
    await addUser("ann");
    await addUser("ben", ["operators"]);
    const read = async (headers: Readonly<Record<string, string>>) =>
      JSON.parse((await send("/session", { headers })).body);
    const signedIn = await signIn("ben");

    expect(JSON.parse(signedIn.body)).to.deep.equal({ name: "ben", scope: "write", isOperator: true });
    expect(await read({ cookie: getCookie(signedIn) })).to.include({ isOperator: true });
    expect(await read(await addToken("read"))).to.include({ isOperator: true });
    expect(await read(await addToken("read", "id-of-ann"))).to.include({ isOperator: false });
    expect(await read(await addToken("read", "id-of-ben"))).to.include({ isOperator: true });
  });

  it("ends the session of a removed user at once, and that of a user who signs out", async () => {
    await addUser("ann");
    const headers = { cookie: getCookie(await signIn("ann")) };
    const signedOut = await send("/session", { method: "DELETE", headers: { ...headers, ...ownPage } });
    await accounts.update((stored) => removeUser(stored, "ann"));

    expect(signedOut.status).to.equal(204);
    expect(signedOut.headers["set-cookie"]).to.match(/^reelway_session=; Max-Age=0/);
    expect((await send("/jobs", { headers })).status).to.equal(401);
  });

  it("accepts tokens within their scope until they expire", async () => {
    const reader = await addToken("read");
    const writer = await addToken("write");

    expect((await send("/jobs", { headers: reader })).status).to.equal(200);
    const refused = await send("/jobs/abc/cancel", { method: "POST", headers: reader });
    expect(refused.status).to.equal(403);
    expect(readProblem(refused).type).to.equal("/problems/insufficient-scope");
    // They sign requests that write.
    for (const path of ["/s3/params?filename=a.mp4&type=video/mp4", "/s3/multipart/abc/1?key=a.mp4"]) {
      const signed = await send(path, { headers: reader });
      expect([signed.status, readProblem(signed).type], path).to.deep.equal([
        403,
        "/problems/insufficient-scope",
      ]);
    }
    expect((await send("/jobs/abc/cancel", { method: "POST", headers: writer })).status).to.equal(200);
    nowMs += 86_400_000;
    expect((await send("/jobs", { headers: reader })).status).to.equal(401);
  });

  it("accepts a signed URL of an upload without credentials, and no other", async () => {
    const headers = { ...(await addToken("write")), "content-type": "application/json" };
    const file = { filename: "a.mp4", type: "video/mp4", metadata: {} };
    const created = await send("/s3/multipart", { method: "POST", headers, body: JSON.stringify(file) });
    const { uploadId } = JSON.parse(created.body);
    const signed = await send(`/s3/multipart/${uploadId}/1?key=a.mp4`, { headers });
    const { pathname, search } = new URL(JSON.parse(signed.body).url);

    expect((await send(pathname + search, { method: "PUT", body: "part" })).status).to.equal(200);
    const unsigned = await send(pathname, { method: "PUT", body: "part" });
    expect(unsigned.status).to.equal(403);
    expect(readProblem(unsigned).type).to.equal("/problems/invalid-signature");
  });

  it("needs a caller who may write for a response, unless responses are open", async () => {
    const path = "/presignedurl/course/1?mail=a@example.org";
    for (const [scope, status] of [
      ["read", 403],
      ["write", 200],
    ] as const)
      expect((await send(path, { headers: await addToken(scope) })).status, scope).to.equal(status);
    const clock = { now: () => new Date(nowMs) };
    const open = await serveApp({
      authentication: { accounts, clock, rateLimiter: createMemoryRateLimiter(clock) },
      responses: { settings: { access: "open", maxBytes: 1000, maxRequestsPerMinute: 20 } },
    });
    try {
      const answer = await sendRequest(open.server.port, path);
      expect(JSON.parse(answer.body)).to.include({ maxBytes: 1000 });
      expect((await sendRequest(open.server.port, "/jobs")).status).to.equal(401);
    } finally {
      await open.close();
    }
  });

  it("accepts the token of the command line", async () => {
    expect((await send("/jobs", { headers: { authorization: `Bearer ${commandToken}` } })).status).to.equal(
      200,
    );
    for (const authorization of [
      `Bearer ${commandToken}x`,
      commandToken,
      `Basic ${commandToken}`,
      "Bearer",
      "",
    ])
      expect((await send("/jobs", { headers: { authorization } })).status, authorization).to.equal(401);
  });

  it("lets only its own pages change anything with a cookie", async () => {
    await addUser("ann");
    const cookie = getCookie(await signIn("ann"));
    const cancel = (headers: Record<string, string>) =>
      send("/jobs/abc/cancel", { method: "POST", headers: { cookie, ...headers } });
    const own = `http://127.0.0.1:${served.server.port}`;

    expect((await cancel(ownPage)).status).to.equal(200);
    expect((await cancel({ origin: own })).status).to.equal(200);
    const foreign: readonly Record<string, string>[] = [
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "same-site" },
      { origin: "null" },
    ];
    for (const headers of foreign)
      expect((await cancel(headers)).status, JSON.stringify(headers)).to.equal(403);
  });

  it("sends a browser to the sign-in page and back, and only to paths of its own", async () => {
    await addUser("ann");
    const navigation = {
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "sec-fetch-site": "none",
    };
    const redirect = await send("/output/a%20b.mp4?t=1", { headers: navigation });
    const submit = (next: string, secret = password) =>
      send("/sign-in", {
        method: "POST",
        headers: { ...ownPage, "content-type": "application/x-www-form-urlencoded" },
        body: String(new URLSearchParams({ name: "ann", password: secret, next })),
      });

    expect(redirect.status).to.equal(303);
    expect(redirect.headers.location).to.equal("/sign-in?next=%2Foutput%2Fa%2520b.mp4%3Ft%3D1");
    const page = await send(String(redirect.headers.location));
    expect(page.body).to.include('name="next" value="/output/a%20b.mp4?t=1"');
    expect(page.headers["content-security-policy"])
      .to.include("default-src 'none'")
      .and.not.include("unsafe");
    const back = await submit("/output/a%20b.mp4?t=1");
    expect(back.status).to.equal(303);
    expect(back.headers.location).to.equal("/output/a%20b.mp4?t=1");
    expect((await send("/jobs", { headers: { cookie: getCookie(back) } })).status).to.equal(200);
    for (const next of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "/a\\b",
      "/\tevil",
      "",
    ]) {
      const { body } = await send(`/sign-in?${new URLSearchParams({ next })}`);
      expect(body, next).to.include('name="next" value="/"');
    }
    expect((await submit("//evil.example")).headers.location).to.equal("/");
    const failed = await submit('/"><script>', "wrong");
    expect(failed.status).to.equal(401);
    expect(failed.body).to.include('role="alert"').and.not.include("<script>");
    expect(failed.headers["set-cookie"]).to.equal(undefined);
  });

  it("rejects a sign-in by a page of another origin", async () => {
    await addUser("ann");
    const answer = await send("/session", {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "none" },
      body: JSON.stringify({ name: "ann", password }),
    });

    expect(answer.status).to.equal(403);
  });

  it("lets a name wait after ten attempts, also concurrent ones, and no other name", async () => {
    await addUser("ann");
    await addUser("bob");
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn("ANN", "wrong")));

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const refused = await signIn("ann");
    expect(refused.status).to.equal(429);
    expect(refused.headers["retry-after"]).to.equal("900");
    expect((await signIn("bob")).status).to.equal(200);
    nowMs += 900_000;
    expect((await signIn("ann")).status).to.equal(200);
  });

  it("describes the responses of its sessions", async () => {
    await addUser("ann");
    const document = await readOpenApi(served.server.port);
    const signedIn = await signIn("ann");
    const headers = { cookie: getCookie(signedIn), ...ownPage };

    checkDocumented(document, "/session", "POST", signedIn);
    checkDocumented(document, "/session", "POST", await signIn("ann", "wrong"));
    checkDocumented(
      document,
      "/session",
      "POST",
      await send("/session", { method: "POST", headers: ownPage }),
    );
    checkDocumented(document, "/session", "GET", await send("/session", { headers }));
    checkDocumented(document, "/session", "GET", await send("/session"));
    checkDocumented(document, "/session", "DELETE", await send("/session", { method: "DELETE", headers }));
  });
});
