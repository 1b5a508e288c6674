import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { openConnection, readUntilClose, sendRequest } from "./raw-request.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";
import { formatForm, formatFormRequest, signForm } from "./upload-form.ts";

const kib = 1024;

describe("request bodies", () => {
  let app: ServedApp;
  let port: number;
  let retries: [string, boolean][];
  before(async () => {
    const retry = async (id: string, force: boolean) => void retries.push([id, force]);
    app = await serveApp({ control: { retry }, listen: { limits: { stallTimeoutMs: 300 } } });
    port = app.server.port;
  });
  after(() => app.close());
  beforeEach(() => {
    retries = [];
  });
  const post = (body?: string) =>
    sendRequest(port, "/jobs/a/retry", {
      method: "POST",
      body,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" } }),
    });
  const head = (line: string, ...headers: readonly string[]) =>
    [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, "", ""].join("\r\n");

  it("accepts a retry with or without a body, and rejects invalid JSON", async () => {
    for (const body of [undefined, "{}", '{"force":true}']) expect((await post(body)).status).to.equal(200);
    expect(retries).to.deep.equal([
      ["a", false],
      ["a", false],
      ["a", true],
    ]);
    for (const body of ["{", "force", '{"force":"yes"}', "[]", "null", " "]) {
      const answer = await post(body);
      expect(answer.status, body).to.equal(400);
      expect(JSON.parse(answer.body), body).to.include({ type: "/problems/invalid-request", status: 400 });
    }
    expect(retries).to.have.length(3);
  });

  it("rejects a control body over 64 KiB and closes the connection", async () => {
    const json = (bytes: number) => `{"force":true}${" ".repeat(bytes - 14)}`;
    expect((await post(json(64 * kib))).status).to.equal(200);
    for (const [method, path] of [
      ["POST", "/jobs/a/retry"],
      ["POST", "/jobs/a/cancel"],
      ["PUT", "/reelway/subscriptions"],
      ["DELETE", "/reelway/subscriptions"],
    ] as const) {
      const answer = await sendRequest(port, path, { method, body: json(64 * kib + 1) });
      expect(answer.status, `${method} ${path}`).to.equal(413);
      expect(answer.headers.connection).to.equal("close");
      expect(JSON.parse(answer.body).detail).to.include("65536 bytes");
    }
    expect(retries).to.have.length(1);
  });

  it("does not read the rest of a too long body, with a length or chunked", async () => {
    for (const [headers, first] of [
      [["Content-Length: 50000000"], ""],
      [["Transfer-Encoding: chunked"], `${(64 * kib + 1).toString(16)}\r\n${" ".repeat(64 * kib + 1)}\r\n`],
    ] as const) {
      const socket = await openConnection(port, head("POST /jobs/a/retry", ...headers) + first);
      // Nothing more is sent: the response comes without it.
      const answered = await readUntilClose(socket);
      expect(answered).to.match(/^HTTP\/1\.1 413 /);
      expect(answered.toLowerCase()).to.include("connection: close");
    }
    expect(retries).to.deep.equal([]);
  });

  it("ends a stalled upload and discards it", async () => {
    const { url, fields } = await signForm(`http://127.0.0.1:${port}`, "stalled.mp4");
    const socket = await openConnection(
      port,
      `${formatFormRequest(url, 10_000)}${formatForm(fields).head}half a film`,
    );
    const answered = await readUntilClose(socket);
    expect(answered)
      .to.match(/^HTTP\/1\.1 408 /)
      .and.to.include("Nothing was stored");
    let names = await readdir(join(app.root, "uploads"));
    while (names.length > 0) names = await readdir(join(app.root, "uploads"));
    expect(await app.objects.head({ bucket: "input", key: "stalled.mp4" })).to.equal(undefined);
  });

  it("accepts a slow upload that does not stall", async () => {
    const longTimeouts = await serveApp({ listen: { limits: { stallTimeoutMs: 1500 } } });
    try {
      const partCount = 8;
      const { port: its } = longTimeouts.server;
      const { url, fields } = await signForm(`http://127.0.0.1:${its}`, "slow.mp4");
      const form = formatForm(fields);
      const bodyBytes = form.head.length + partCount + form.tail.length;
      const socket = await openConnection(
        its,
        `${formatFormRequest(url, bodyBytes, "Connection: close")}${form.head}`,
      );
      const answered = readUntilClose(socket);
      // Eight times a sixth of the limit: longer than the limit in all.
      for (let part = 0; part < partCount; part += 1) {
        await pause(250);
        socket.write("x");
      }
      socket.write(form.tail);
      expect(await answered).to.match(/^HTTP\/1\.1 204 /);
      expect((await longTimeouts.objects.head({ bucket: "input", key: "slow.mp4" }))?.bytes).to.equal(
        partCount,
      );
    } finally {
      await longTimeouts.close();
    }
  });

  it("closes connections over the limit", async () => {
    const small = await serveApp({ listen: { limits: { maxConnections: 1 } } });
    try {
      const first = await openConnection(small.server.port, "GET /reelway/runtime HTTP/1.1\r\n");
      const second = await openConnection(small.server.port);
      expect(await readUntilClose(second)).to.equal("");
      first.write(`Host: 127.0.0.1:${small.server.port}\r\n\r\n`);
      const [answered] = await once(first, "data");
      expect(String(answered)).to.match(/^HTTP\/1\.1 200 /);
      first.destroy();
    } finally {
      await small.close();
    }
  });

  it("ends a request without headers, and gives a long upload its time", async () => {
    const limits = { headersTimeoutMs: 200, checkIntervalMs: 50 };
    const shortTimeouts = await serveApp({ listen: { limits } });
    try {
      const { port: its } = shortTimeouts.server;
      const { url, fields } = await signForm(`http://127.0.0.1:${its}`, "long.mp4");
      const form = formatForm(fields);
      const bodyBytes = form.head.length + 2 + form.tail.length;
      const upload = await openConnection(its, `${formatFormRequest(url, bodyBytes)}${form.head}a`);
      const half = await openConnection(
        its,
        `GET /reelway/runtime HTTP/1.1\r\nHost: 127.0.0.1:${its}\r\nX: `,
      );
      expect(await readUntilClose(half)).to.match(/^HTTP\/1\.1 408 /);
      // The upload began before, and goes on after, the limit of the headers' time.
      upload.write(`b${form.tail}`);
      const [answered] = await once(upload, "data");
      expect(String(answered)).to.match(/^HTTP\/1\.1 204 /);
      upload.destroy();
    } finally {
      await shortTimeouts.close();
    }
  });
});
