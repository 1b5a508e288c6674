import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { type ServedApp, serveApp } from "./server/serve-app.ts";
import { formatForm, formatFormRequest, signForm, uploadForm } from "./server/upload-form.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("the one-machine runtime's server", () => {
  let root: string;
  let served: ServedApp;
  let server: ServedApp["server"];
  let objects: ServedApp["objects"];
  let failure: unknown;

  before(async () => {
    const notImplemented = () => Promise.reject(new Error("not a part of these tests"));
    served = await serveApp({
      control: {
        cancel: notImplemented,
        retry: notImplemented,
        upload: async (key, file, contentType) => {
          if (failure !== undefined) throw failure;
          const object = await objects.writeByLink({ bucket: "input", key }, file, { contentType });
          return { ...object, jobId: null };
        },
      },
    });
    ({ root, server, objects } = served);
    const plain = { contentType: "video/mp4" };
    await objects.write({ bucket: "output", key: "a b/ü.mp4" }, { text: "0123456789" }, plain);
    await objects.write({ bucket: "output", key: "empty.mp4" }, { text: "" }, plain);
    await objects.write({ bucket: "output", key: "x/../y.mp4" }, { text: "dots" }, plain);
    await objects.write(
      { bucket: "output", key: "page.html" },
      { text: "<script>" },
      { contentType: "text/html" },
    );
    await writeFile(join(root, "secret"), "secret");
  });
  after(() => served.close());
  beforeEach(() => {
    failure = undefined;
  });

  /** A request whose path and headers are sent unchanged: fetch would normalize them. */
  const sendRequest = (
    path: string,
    {
      method = "GET",
      headers = {},
      body,
    }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { host: "127.0.0.1", port: server.port, path, method, headers },
        (response) => {
          text(response).then(
            (answered) =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answered }),
            reject,
          );
        },
      );
      outgoing.on("error", reject).end(body);
    });
  const ownHost = () => `127.0.0.1:${server.port}`;
  const base = () => `http://${ownHost()}`;
  const film = "/output/a%20b/%C3%BC.mp4";

  it("accepts its own host names only, to prevent DNS rebinding", async () => {
    for (const host of [ownHost(), `localhost:${server.port}`, `LOCALHOST:${server.port}`])
      expect((await sendRequest("/reelway/runtime", { headers: { host } })).status, host).to.equal(200);
    for (const host of [
      "evil.example",
      `evil.example:${server.port}`,
      "127.0.0.1",
      `127.0.0.1.evil.example:${server.port}`,
    ])
      for (const path of ["/reelway/runtime", film, "/2012-09-25/jobs"])
        expect((await sendRequest(path, { headers: { host } })).status, `${host} ${path}`).to.equal(421);
  });

  it("accepts changes from its own pages and from programs, and from no other origin", async () => {
    const post = (headers: Record<string, string>) => uploadForm(base(), "o.mp4", "x", headers);
    for (const origin of [
      "http://evil.example",
      "null",
      `https://${ownHost()}`,
      "http://localhost:1",
      `http://${ownHost()}.evil.example`,
    ])
      expect((await post({ origin })).status, origin).to.equal(403);
    expect((await post({ "sec-fetch-site": "cross-site" })).status).to.equal(403);
    expect(
      (
        await sendRequest("/jobs/a/cancel", {
          method: "POST",
          headers: { origin: "http://evil.example" },
        })
      ).status,
    ).to.equal(403);
    expect(await objects.head({ bucket: "input", key: "o.mp4" })).to.equal(undefined);
    expect((await post({ origin: base() })).status).to.equal(204);
    expect((await post({})).status).to.equal(204);
  });

  it("serves a range", async () => {
    const requestRange = async (range: string, headers = {}) => {
      const answer = await sendRequest(film, { headers: { range, ...headers } });
      return [answer.status, answer.body, answer.headers["content-range"], answer.headers["content-length"]];
    };
    expect(await requestRange("bytes=2-4")).to.deep.equal([206, "234", "bytes 2-4/10", "3"]);
    expect(await requestRange("bytes=8-")).to.deep.equal([206, "89", "bytes 8-9/10", "2"]);
    expect(await requestRange("bytes=-3")).to.deep.equal([206, "789", "bytes 7-9/10", "3"]);
    expect(await requestRange("bytes=-30")).to.deep.equal([206, "0123456789", "bytes 0-9/10", "10"]);
    for (const range of ["bytes=10-", "bytes=-0"]) {
      const [status, body = "", contentRange] = await requestRange(range);
      expect([status, contentRange, JSON.parse(String(body)).type]).to.deep.equal([
        416,
        "bytes */10",
        "/problems/range-not-satisfiable",
      ]);
    }
    expect(await requestRange("bytes=0-1,4-5")).to.deep.equal([200, "0123456789", undefined, "10"]);
    expect(await requestRange("bytes=4-2")).to.deep.equal([200, "0123456789", undefined, "10"]);
    const { etag = "" } = (await sendRequest(film)).headers;
    expect((await requestRange("bytes=0-0", { "if-range": etag }))[0]).to.equal(206);
    expect((await requestRange("bytes=0-0", { "if-range": '"other"' }))[0]).to.equal(200);
  });

  it("handles HEAD as GET without a body, ignoring ranges", async () => {
    const head = await sendRequest(film, { method: "HEAD", headers: { range: "bytes=2-4" } });
    expect([head.status, head.body, head.headers["content-length"]]).to.deep.equal([200, "", "10"]);
    expect(head.headers).to.include({ "accept-ranges": "bytes", "content-type": "video/mp4" });
    expect((await sendRequest("/output/none.mp4", { method: "HEAD" })).status).to.equal(404);
    const empty = await sendRequest("/output/empty.mp4");
    expect([empty.status, empty.body, empty.headers["content-length"]]).to.deep.equal([200, "", "0"]);
  });

  it("returns 304 for unchanged objects, and sandboxes uploads", async () => {
    const page = await sendRequest("/output/page.html");
    expect(page.headers["content-security-policy"])
      .to.include("sandbox")
      .and.to.include("default-src 'none'");
    expect(page.headers["x-content-type-options"]).to.equal("nosniff");
    const again = await sendRequest("/output/page.html", {
      headers: { "if-none-match": page.headers.etag ?? "" },
    });
    expect({ status: again.status, body: again.body }).to.deep.equal({ status: 304, body: "" });
  });

  it("serves objects by key and nothing else", async () => {
    const dots = await sendRequest("/output/x%2F..%2Fy.mp4");
    expect({ status: dots.status, body: dots.body }).to.deep.equal({ status: 200, body: "dots" });
    for (const path of [
      "/output/../secret",
      "/output/..%2f..%2fsecret",
      "/output/%2e%2e/%2e%2e/secret",
      "/output//etc/passwd",
      `/output/${encodeURIComponent(join(root, "secret"))}`,
      "/output/%00",
      "/output/%ZZ",
      "/output/%C3",
      "/output/",
      "/output",
      "/assets/",
      "/assets/../../package.json",
      "/assets/%2e%2e/manifest.json",
      "/nothing",
      "/reelway",
      "/reelway/nothing",
      "/2012-09-25/nothing",
    ]) {
      const answer = await sendRequest(path);
      expect(answer.status, path).to.equal(404);
      expect(answer.body, path).to.not.include("secret\n");
      if (path !== "/2012-09-25/nothing") expect(JSON.parse(answer.body), path).to.include({ status: 404 });
    }
    for (const method of ["POST", "DELETE", "PUT"])
      expect((await sendRequest(film, { method })).status, method).to.equal(405);
  });

  it("never lets an upload or an output be the program or the style of a page", async () => {
    for (const destination of ["script", "worker", "serviceworker", "style"]) {
      const headers = { "sec-fetch-dest": destination, "sec-fetch-site": "same-origin" };
      expect((await sendRequest(film, { headers })).status, destination).to.equal(403);
    }
    const headers = { "sec-fetch-dest": "video", "sec-fetch-site": "same-origin" };
    expect((await sendRequest(film, { headers })).status).to.equal(200);
  });

  it("discards an incomplete upload and keeps running", async () => {
    const { url, fields } = await signForm(base(), "cut.mp4");
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(`${formatFormRequest(url, 10_000)}${formatForm(fields).head}half a film`);
    let names: readonly string[] = [];
    while (names.length === 0) names = await readdir(join(root, "uploads"));
    socket.resetAndDestroy();
    while (names.length > 0) names = await readdir(join(root, "uploads"));
    expect(await objects.head({ bucket: "input", key: "cut.mp4" })).to.equal(undefined);
    expect((await sendRequest("/reelway/runtime")).status).to.equal(200);
  });

  it("reads no more of an upload than its length", async () => {
    const { url, fields } = await signForm(base(), "long.mp4");
    const { head, tail } = formatForm(fields);
    const form = `${head}film${tail}`;
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      [
        `${formatFormRequest(url, form.length)}${form}`,
        `GET /reelway/runtime HTTP/1.1\r\nHost: ${ownHost()}\r\nConnection: close\r\n\r\n`,
      ].join(""),
    );
    const answered = await text(socket);
    expect(answered.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(["HTTP/1.1 204", "HTTP/1.1 200"]);
    expect((await objects.head({ bucket: "input", key: "long.mp4" }))?.bytes).to.equal(4);
  });

  it("reports a full or read-only disk with instructions", async () => {
    failure = await writeFile("/dev/full", "x").catch((cause: unknown) => cause);
    const answers = [];
    for (const cause of [
      failure,
      new StoreFailure("no-space", "x"),
      new StoreFailure("denied", "x"),
      new Error("else"),
    ]) {
      failure = cause;
      const response = await uploadForm(base(), "a.mp4", "x");
      answers.push({ status: response.status, body: await response.text() });
    }
    expect(answers.map(({ status }) => status)).to.deep.equal([507, 507, 500, 500]);
    expect(answers[0]?.body).to.include("disk of the data folder is full").and.to.include("Free some space");
    expect(answers[2]?.body).to.include("permissions");
    expect(await readdir(join(root, "uploads"))).to.deep.equal([]);
  });
});
