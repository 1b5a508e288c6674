import { expect } from "chai";
import { listen } from "../../../runtime/server/listen.ts";
import { openConnection, readUntilClose, sendRequest } from "./raw-request.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";

const allowed = "https://app.example";
const film = "/output/film.mp4";
/** A click on a link, on a page of another site. */
const click = {
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-user": "?1",
};

describe("allowed origins", () => {
  let app: ServedApp;
  let port: number;
  let lists: number;
  before(async () => {
    lists = 0;
    const list = async () => {
      lists += 1;
      return { jobs: [] };
    };
    app = await serveApp({ control: { list }, listen: { allowedOrigins: [allowed] } });
    port = app.server.port;
    await app.objects.write(
      { bucket: "output", key: "film.mp4" },
      { text: "0123456789" },
      { contentType: "video/mp4" },
    );
  });
  after(() => app.close());

  const paths = ["/jobs", "/reelway/runtime", "/reelway/subscriptions", film, "/2012-09-25/jobs", "/none"];
  const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
  const foreignHeaders: readonly Record<string, string>[] = [
    { origin: "http://evil.example" },
    { origin: "null" },
    { origin: "" },
    { origin: `${allowed}.evil.example` },
    { origin: `${allowed}, ${allowed}` },
    { origin: "http://app.example" },
    { origin: "http://localhost:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "video" },
    { "sec-fetch-site": "none, cross-site" },
  ];

  it("rejects other origins for any method and path, without side effects", async () => {
    lists = 0;
    const refuse = async (method: string, path: string, headers: Record<string, string>) => {
      const answer = await sendRequest(port, path, { method, headers });
      const title = `${method} ${path} ${JSON.stringify(headers)}`;
      expect(answer.status, title).to.equal(403);
      expect(answer.headers, title).to.not.have.property("access-control-allow-origin");
    };
    for (const headers of [...foreignHeaders, { origin: `https://127.0.0.1:${port}` }])
      await refuse("GET", "/jobs", headers);
    for (const path of paths)
      for (const method of methods) await refuse(method, path, { origin: "http://localhost:1" });
    expect(lists).to.equal(0);
  });

  it("accepts its own pages, the address bar and programs", async () => {
    const ownHeaders: readonly Record<string, string>[] = [
      {},
      { origin: `http://127.0.0.1:${port}` },
      { origin: `http://localhost:${port}`, "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
      { "sec-fetch-mode": "cors" },
    ];
    for (const headers of ownHeaders)
      for (const path of ["/jobs", film])
        expect((await sendRequest(port, path, { headers })).status, JSON.stringify(headers)).to.equal(200);
  });

  it("follows a click on a link to an output or a share, and nothing else of another site", async () => {
    expect((await sendRequest(port, film, { headers: click })).status).to.equal(200);
    const share = await sendRequest(port, "/shares/altered", { headers: click });
    expect([share.status, share.headers.location]).to.deep.equal([303, "/shared/altered"]);
    // A redirect of another site, without a click.
    const { "sec-fetch-user": _user, ...redirect } = click;
    const redirected = await sendRequest(port, "/shares/altered", { headers: redirect });
    expect([redirected.status, redirected.headers.location]).to.deep.equal([303, "/shared/altered"]);
    for (const view of ["/shared/altered", "/watch/abcd", "/"])
      expect((await sendRequest(port, view, { headers: redirect })).status, view).to.equal(200);
    for (const [path, method, other] of [
      ["/input/film.mp4", "GET", {}],
      ["/jobs", "GET", {}],
      [film, "HEAD", {}],
      [film, "POST", {}],
      [film, "GET", { "sec-fetch-dest": "iframe" }],
      [film, "GET", { "sec-fetch-mode": "no-cors" }],
      [film, "GET", { "sec-fetch-user": "?0" }],
      [film, "GET", { origin: "http://evil.example" }],
      ["/output/../jobs", "GET", {}],
      ["/output/%2e%2e/jobs", "GET", {}],
    ] as const) {
      const answer = await sendRequest(port, path, { method, headers: { ...click, ...other } });
      expect(answer.status, `${method} ${path} ${JSON.stringify(other)}`).to.equal(403);
    }
  });

  it("lets pages of an allowed origin read, with CORS headers", async () => {
    const headers = { origin: allowed, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    const rangeResponse = await sendRequest(port, film, { headers: { ...headers, range: "bytes=0-1" } });
    expect({ status: rangeResponse.status, body: rangeResponse.body }).to.deep.equal({
      status: 206,
      body: "01",
    });
    expect(rangeResponse.headers["access-control-allow-origin"]).to.equal(allowed);
    expect(rangeResponse.headers["access-control-expose-headers"]?.split(",")).to.include.members([
      "ETag",
      "Content-Range",
      "Content-Length",
    ]);
    expect(rangeResponse.headers.vary).to.match(/\bOrigin\b/);
    const missing = await sendRequest(port, "/output/none", { headers });
    expect([missing.status, missing.headers["access-control-allow-origin"]]).to.deep.equal([404, allowed]);
    const preflight = await sendRequest(port, "/reelway/uploads/a/1", {
      method: "OPTIONS",
      headers: {
        ...headers,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers).to.include({
      "access-control-allow-origin": allowed,
      "access-control-allow-headers": "content-type",
    });
    expect(preflight.headers["access-control-allow-methods"]?.split(",")).to.include("PUT");
    expect((await sendRequest(port, film)).headers).to.not.have.property("access-control-allow-origin");
  });

  it("restricts every response to its own origin and type, including errors", async () => {
    const starting = await listen(0);
    try {
      const answers = [
        await sendRequest(port, film),
        await sendRequest(port, film, { headers: { range: "bytes=99-" } }),
        await sendRequest(port, film, { method: "HEAD" }),
        await sendRequest(port, "/jobs"),
        await sendRequest(port, "/none"),
        await sendRequest(port, "/jobs/a/retry", {
          method: "POST",
          body: "{",
          headers: { "content-type": "application/json" },
        }),
        await sendRequest(port, film, { headers: { host: "evil.example" } }),
        await sendRequest(port, film, { headers: { origin: "http://evil.example" } }),
        await sendRequest(starting.port, film),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([
        200, 416, 200, 200, 404, 400, 421, 403, 503,
      ]);
      for (const { status, headers } of answers)
        expect(headers, String(status)).to.include({
          "x-content-type-options": "nosniff",
          "cross-origin-resource-policy": "same-origin",
        });
      for (const { headers } of [answers[0], answers[7]].filter((answer) => answer !== undefined))
        expect(headers.vary?.split(", ")).to.have.members(["Origin", "Sec-Fetch-Site"]);
    } finally {
      await starting.close();
    }
  });

  it("accepts its own host names only, in any form", async () => {
    const fetchStatus = async (...lines: readonly string[]) => {
      const answered = await readUntilClose(
        await openConnection(port, ...lines, "Connection: close", "", ""),
      );
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answered)?.[1]);
    };
    const ownHost = `127.0.0.1:${port}`;
    const get = "GET /reelway/runtime HTTP/1.1";
    for (const [status, ...lines] of [
      [200, get, `Host: LocalHost:${port}`],
      [200, `GET http://${ownHost}/reelway/runtime HTTP/1.1`, `Host: ${ownHost}`],
      [200, "GET /reelway/runtime HTTP/1.0", `Host: ${ownHost}`],
      [421, get, "Host: 127.0.0.1"],
      [421, get, `Host: localhost.:${port}`],
      [421, get, `Host: [::1]:${port}`],
      [421, get, `Host: 127.1:${port}`],
      [421, get, `Host: 2130706433:${port}`],
      [421, get, `Host: 127.0.0.1:0${port}`],
      [421, get, `Host: ${ownHost}`, `Host: ${ownHost}`],
      [421, get, `Host: ${ownHost}`, "Host: evil.example"],
      [421, `GET http://evil.example/reelway/runtime HTTP/1.1`, `Host: ${ownHost}`],
      [421, `GET https://${ownHost}/reelway/runtime HTTP/1.1`, `Host: ${ownHost}`],
      [421, `GET http://${ownHost}/reelway/runtime HTTP/1.1`, "Host: evil.example"],
      [400, get, `Host: [::ffff:127.0.0.1]:${port}`],
      [400, get, `Host: x@${ownHost}`],
      [400, get],
      [400, get, "Host:"],
      [400, "GET /reelway/runtime HTTP/1.0"],
      [400, "OPTIONS * HTTP/1.1", `Host: ${ownHost}`],
    ] as const)
      expect(await fetchStatus(...lines), lines.join(" | ")).to.equal(status);
  });
});
