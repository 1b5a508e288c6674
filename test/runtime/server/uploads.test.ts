import { createHash } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { expect } from "chai";
import * as fc from "fast-check";
import { createMultipartUploads } from "../../../adapters/local/multipart-uploads.ts";
import { createLocalUploadSigner } from "../../../adapters/local/upload-signer.ts";
import { createUrlSigner, openSigningKey } from "../../../adapters/local/url-signature.ts";
import { createClient } from "../../../runtime/client.ts";
import type { Control } from "../../../runtime/control.ts";
import { openUploadRecords } from "../../../runtime/upload-records.ts";
import { checkDocumented, type OpenApiDocument, readOpenApi } from "./api-client.ts";
import { type Answer, openConnection, readUntilClose, sendRequest } from "./raw-request.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";
import { buildForm, formatForm, formatFormRequest, formContentType, type SignedForm } from "./upload-form.ts";

const mebibyte = 2 ** 20;
const minPartBytes = 5 * mebibyte;
const json = { "content-type": "application/json" };

/** Bytes that differ between parts. */
const makeBytes = (length: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(length, seed);
  bytes.writeUInt32BE(seed, 0);
  return bytes;
};
const md5Of = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

describe("uploads over HTTP", () => {
  let app: ServedApp;
  let port: number;
  let document: OpenApiDocument;
  let nowMs: number;
  let isFull: boolean;
  let stored: Parameters<Control["upload"]>[];
  before(async () => {
    app = await serveApp({
      now: () => nowMs,
      control: {
        isDiskFull: () => isFull,
        upload: async (key, file, contentType, metadata) => {
          stored.push([key, file, contentType, metadata]);
          const object = await app.objects.writeByLink({ bucket: "input", key }, file, {
            contentType,
            metadata,
          });
          return { ...object, jobId: `job of ${key}` };
        },
      },
    });
    port = app.server.port;
    document = await readOpenApi(port);
  });
  after(() => app.close());
  beforeEach(() => {
    nowMs = Date.now();
    isFull = false;
    stored = [];
  });

  const call = async (
    method: string,
    path: string,
    options: { readonly headers?: Record<string, string>; readonly body?: string } = {},
  ): Promise<Answer> => {
    const answer = await sendRequest(port, path, { method, ...options });
    const template = (path.split("?")[0] ?? "")
      .replace(/^(\/s3\/multipart\/)[^/]+/, "$1{uploadId}")
      .replace(/(\{uploadId\}\/)(?!complete)[^/]+$/, "$1{partNumber}");
    checkDocumented(document, template, method, answer);
    return answer;
  };
  const parse = ({ status, body }: Answer) => {
    expect(status, body).to.equal(200);
    return JSON.parse(body);
  };
  const typeOf = ({ status, body }: Pick<Answer, "status" | "body">) => `${status} ${JSON.parse(body).type}`;
  /** Sends bytes to a URL as it is. */
  const put = (
    url: string,
    bytes: Buffer,
    headers: Record<string, string> = {},
    method = "PUT",
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      request(
        url,
        { method, headers: { "content-length": bytes.length, ...headers }, agent: false },
        (response) => {
          text(response).then(
            (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
            reject,
          );
        },
      )
        // The server closes the connection of a body that it refuses.
        .on("error", (cause: NodeJS.ErrnoException) => {
          if (cause.code !== "EPIPE" && cause.code !== "ECONNRESET") reject(cause);
        })
        .end(bytes);
    });
  const create = async (filename: string, metadata: Record<string, unknown> = {}) =>
    parse(
      await call("POST", "/s3/multipart", {
        headers: json,
        body: JSON.stringify({ filename, type: "video/mp4", metadata }),
      }),
    ) as { uploadId: string; key: string };
  const pathOf = ({ uploadId, key }: { uploadId: string; key: string }, suffix = "") =>
    `/s3/multipart/${uploadId}${suffix}?${new URLSearchParams({ key })}`;
  const signPart = async (upload: { uploadId: string; key: string }, number: number): Promise<string> =>
    parse(await call("GET", pathOf(upload, `/${number}`))).url;
  const sendPart = async (upload: { uploadId: string; key: string }, number: number, bytes: Buffer) => {
    const answer = await put(await signPart(upload, number), bytes);
    expect(answer.status, answer.body).to.equal(200);
    expect(answer.headers.etag).to.equal(`"${md5Of(bytes)}"`);
    return { PartNumber: number, ETag: answer.headers.etag };
  };
  const complete = (upload: { uploadId: string; key: string }, parts: readonly object[]) =>
    call("POST", pathOf(upload, "/complete"), { headers: json, body: JSON.stringify({ parts }) });
  const readInput = async (key: string): Promise<Buffer> =>
    buffer(await app.objects.read({ bucket: "input", key }));

  it("stores the parts as one object, in their order, with type and metadata", async () => {
    const upload = await create("a ü.mp4", {
      prefix: "films/",
      watermark: "logo.png",
      name: "x",
      relativePath: null,
    });
    expect(upload.key).to.equal("films/a ü.mp4");
    const contents = [makeBytes(minPartBytes + 1, 1), makeBytes(minPartBytes, 2), makeBytes(10, 3)];
    const parts = [];
    // The last part first: parts may come in any order.
    for (const number of [3, 1, 2])
      parts.push(await sendPart(upload, number, contents[number - 1] ?? Buffer.alloc(0)));
    parts.sort((a, b) => a.PartNumber - b.PartNumber);
    expect(parse(await call("GET", pathOf(upload)))).to.deep.equal(
      parts.map((part, index) => ({ ...part, Size: contents[index]?.length })),
    );
    const result = parse(await complete(upload, parts));
    expect(result).to.deep.equal({
      bucket: "input",
      key: upload.key,
      location: `http://127.0.0.1:${port}/input/films/a%20%C3%BC.mp4`,
      jobId: "job of films/a ü.mp4",
    });
    expect(md5Of(await readInput(upload.key))).to.equal(md5Of(Buffer.concat(contents)));
    expect(stored.map(([key, , contentType, metadata]) => [key, contentType, metadata])).to.deep.equal([
      [upload.key, "video/mp4", { watermark: "logo.png" }],
    ]);
    expect((await sendRequest(port, new URL(result.location).pathname)).status).to.equal(200);
    expect((await readdir(join(app.root, "multipart-uploads", upload.uploadId))).sort()).to.deep.equal([
      "parts.json",
      "result.json",
      "upload.json",
    ]);
  });

  it("completes once, however often it is called", async () => {
    const upload = await create("twice.mp4");
    const parts = [await sendPart(upload, 1, makeBytes(100, 1))];
    const answers = await Promise.all([
      complete(upload, parts),
      complete(upload, parts),
      complete(upload, parts),
    ]);
    answers.push(await complete(upload, parts));
    expect(new Set(answers.map(({ body }) => body)).size).to.equal(1);
    expect(stored).to.have.length(1);
    expect(parse(await call("GET", pathOf(upload)))).to.deep.equal([{ ...parts[0], Size: 100 }]);
    expect(typeOf(await call("DELETE", pathOf(upload)))).to.equal("404 /problems/upload-not-found");
    expect(typeOf(await put(`http://127.0.0.1:${port}/reelway/uploads/x`, Buffer.alloc(1)))).to.match(/^404/);
  });

  it("gives a name that exists a new version", async () => {
    for (const seed of [1, 2]) {
      const upload = await create("same.mp4");
      parse(await complete(upload, [await sendPart(upload, 1, makeBytes(10, seed))]));
    }
    expect(await readInput("same.mp4")).to.deep.equal(makeBytes(10, 2));
    const versions = [];
    for await (const { key } of app.objects.listVersions("input", "same.mp4")) versions.push(key);
    expect(versions).to.have.length(2);
  });

  it("replaces a part that is sent again, and keeps it if the second one breaks", async () => {
    const upload = await create("again.mp4");
    await sendPart(upload, 1, makeBytes(20, 1));
    const second = await sendPart(upload, 1, makeBytes(30, 2));
    const { pathname, search } = new URL(await signPart(upload, 1));
    const socket = await openConnection(
      port,
      `PUT ${pathname}${search} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Content-Length: 1000",
      "",
      "half a part",
    );
    const folder = join(app.root, "multipart-uploads", upload.uploadId);
    const listTemporary = async () => (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
    while ((await listTemporary()).length === 0);
    socket.resetAndDestroy();
    while ((await listTemporary()).length > 0);
    expect(parse(await call("GET", pathOf(upload)))).to.deep.equal([{ ...second, Size: 30 }]);
    parse(await complete(upload, [second]));
    expect(await readInput("again.mp4")).to.deep.equal(makeBytes(30, 2));
  });

  it("refuses parts that are missing, out of order, changed or too small, and can then be completed", async () => {
    const upload = await create("refused.mp4");
    const [one, two, small] = [
      await sendPart(upload, 1, makeBytes(minPartBytes, 1)),
      await sendPart(upload, 2, makeBytes(7, 2)),
      await sendPart(upload, 3, makeBytes(8, 3)),
    ];
    for (const [parts, detail] of [
      [[one, { PartNumber: 4, ETag: one.ETag }], "Part 4 was not uploaded"],
      [[two, one], "Order the parts"],
      [[one, one], "Order the parts"],
      [[one, { ...two, ETag: one.ETag }], "Part 2 has the ETag"],
      [[one, two, small], "Part 2 has 7 bytes"],
    ] as const) {
      const answer = await complete(upload, parts);
      expect(typeOf(answer), detail).to.equal("400 /problems/invalid-parts");
      expect(JSON.parse(answer.body).detail).to.include(detail);
    }
    expect(stored).to.deep.equal([]);
    parse(await complete(upload, [one, { ...two, ETag: two.ETag?.replaceAll('"', "") }]));
    expect((await readInput("refused.mp4")).length).to.equal(minPartBytes + 7);
  });

  it("removes an aborted upload and its parts", async () => {
    const upload = await create("aborted.mp4");
    const url = await signPart(upload, 1);
    const part = await sendPart(upload, 1, makeBytes(10, 1));
    const other = { ...upload, key: "other.mp4" };
    for (const [method, path] of [
      ["GET", pathOf(other)],
      ["GET", pathOf(other, "/1")],
      ["DELETE", pathOf(other)],
      ["GET", pathOf({ ...upload, uploadId: "..%2f.." })],
    ] as const)
      expect(typeOf(await call(method, path)), path).to.equal("404 /problems/upload-not-found");
    expect((await call("DELETE", pathOf(upload))).status).to.equal(204);
    expect(typeOf(await put(url, makeBytes(10, 1)))).to.equal("404 /problems/upload-not-found");
    expect(typeOf(await complete(upload, [part]))).to.equal("404 /problems/upload-not-found");
    expect(typeOf(await call("DELETE", pathOf(upload)))).to.equal("404 /problems/upload-not-found");
    expect(await readdir(join(app.root, "multipart-uploads"))).to.not.include(upload.uploadId);
  });

  it("refuses URLs that were changed, used otherwise, or have expired", async () => {
    const upload = await create("signed.mp4");
    const url = await signPart(upload, 1);
    const bytes = makeBytes(10, 1);
    const change = (edit: (changed: URL) => void): string => {
      const changed = new URL(url);
      edit(changed);
      return changed.href;
    };
    for (const changed of [
      change(({ searchParams }) => searchParams.set("signature", "AAAA")),
      change(({ searchParams }) => searchParams.delete("signature")),
      change(({ searchParams }) => searchParams.set("expires", "9999999999")),
      change((one) => {
        one.pathname = one.pathname.replace(/1$/, "2");
      }),
      change((one) => {
        one.pathname = one.pathname.replace(upload.uploadId, "0".repeat(32));
      }),
      change(({ searchParams }) => searchParams.set("x", "1")),
    ])
      expect(typeOf(await put(changed, bytes)), changed).to.equal("403 /problems/invalid-signature");
    nowMs += 61_000;
    expect(typeOf(await put(url, bytes))).to.equal("403 /problems/expired-url");
    expect(parse(await call("GET", pathOf(upload)))).to.deep.equal([]);
    await sendPart(upload, 1, bytes);
  });

  const signForm = async (parameters: Record<string, string> = {}) =>
    parse(
      await call(
        "GET",
        `/s3/params?${new URLSearchParams({ filename: "one.mp4", type: "video/mp4", ...parameters })}`,
      ),
    ) as SignedForm;
  const postForm = async (url: string, form: FormData, headers?: Record<string, string>) => {
    const response = await fetch(url, { method: "POST", body: form, ...(headers && { headers }) });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  const expectNothingStored = async () => {
    expect(stored).to.deep.equal([]);
    expect(await readdir(join(app.root, "uploads"))).to.deep.equal([]);
    expect(app.failures).to.deep.equal([]);
  };

  it("signs a form that stores a whole file with its type and metadata", async () => {
    const { method, url, fields, headers } = await signForm({
      filename: "a ü.mp4",
      "metadata[prefix]": "in/",
      "metadata[Recorded-By]": "Änn & Bob",
      "metadata[empty]": "",
    });
    expect({ method, headers }).to.deep.equal({ method: "POST", headers: {} });
    expect(Object.keys(fields)).to.deep.equal([
      "key",
      "Content-Type",
      "x-amz-meta-recorded-by",
      "x-amz-meta-empty",
      "max-bytes",
      "expires",
      "signature",
    ]);
    const bytes = makeBytes(3 * mebibyte, 1);
    const answer = await postForm(url, buildForm(fields, new Blob([bytes])));
    expect([answer.status, answer.headers.get("etag"), answer.body], answer.body).to.deep.equal([
      204,
      `"${md5Of(bytes)}"`,
      "",
    ]);
    const location = answer.headers.get("location") ?? "";
    // Uppy derives the URL of the object in this way.
    expect(location).to.equal(`${url}/in/a%20%C3%BC.mp4`);
    expect((await fetch(location)).headers.get("etag")).to.equal(`"${md5Of(bytes)}"`);
    expect(stored.map(([key, , contentType, metadata]) => [key, contentType, metadata])).to.deep.equal([
      ["in/a ü.mp4", "video/mp4", { "recorded-by": "Änn & Bob", empty: "" }],
    ]);
    expect(await readdir(join(app.root, "uploads"))).to.deep.equal([]);
  });

  it("refuses a form whose fields were changed, and one that has expired", async () => {
    const { url, fields } = await signForm({ "metadata[a]": "1" });
    const { key: _key, ...withoutKey } = fields;
    const { signature: _signature, ...withoutSignature } = fields;
    const changedForms: [string, FormData][] = [
      ["another key", buildForm({ ...fields, key: "two.mp4" }, "x")],
      ["another type", buildForm({ ...fields, "Content-Type": "text/html" }, "x")],
      ["other metadata", buildForm({ ...fields, "x-amz-meta-a": "2" }, "x")],
      ["more metadata", buildForm({ ...fields, "x-amz-meta-b": "2" }, "x")],
      ["a larger limit", buildForm({ ...fields, "max-bytes": "9999999999999" }, "x")],
      ["a later expiry", buildForm({ ...fields, expires: "9999999999" }, "x")],
      ["another signature", buildForm({ ...fields, signature: "AAAA" }, "x")],
      ["no signature", buildForm(withoutSignature, "x")],
      ["no key", buildForm(withoutKey, "x")],
      ["no fields", buildForm({}, "x")],
    ];
    const doubledKey = new FormData();
    doubledKey.append("key", "two.mp4");
    for (const [name, value] of buildForm(fields, "x")) doubledKey.append(name, value);
    changedForms.push(["two keys", doubledKey]);
    for (const [title, form] of changedForms)
      expect(typeOf(await postForm(url, form)), title).to.equal("403 /problems/invalid-signature");
    nowMs += 61_000;
    expect(typeOf(await postForm(url, buildForm(fields, "x")))).to.equal("403 /problems/expired-url");
    await expectNothingStored();
  });

  it("refuses forms without exactly one file at their end", async () => {
    const { url, fields } = await signForm();
    const fileFirst = new FormData();
    fileFirst.append("file", new Blob(["x"]));
    for (const [name, value] of Object.entries(fields)) fileFirst.append(name, value);
    expect(typeOf(await postForm(url, fileFirst))).to.equal("403 /problems/invalid-signature");
    const twoFiles = buildForm(fields, "x");
    twoFiles.append("file", new Blob(["y"]));
    const fieldLast = buildForm(fields, "x");
    fieldLast.append("x-amz-meta-a", "1");
    const noFile = buildForm(fields, "x");
    noFile.delete("file");
    const tooManyFields = new FormData();
    for (let index = 0; index <= 1000; index += 1) tooManyFields.append(`f${index}`, "");
    for (const [form, detail] of [
      [twoFiles, "more than one file"],
      [fieldLast, "A field follows the file"],
      [noFile, "The form has no file"],
      [buildForm(fields, ""), "The file is empty"],
      [tooManyFields, "more than 1000 fields"],
    ] as const) {
      const answer = await postForm(url, form);
      expect(typeOf(answer), detail).to.equal("400 /problems/invalid-request");
      expect(JSON.parse(answer.body).detail).to.include(detail);
    }
    expect(typeOf(await postForm(url, buildForm({ a: "v".repeat(9000) }, "x")))).to.equal(
      "413 /problems/body-too-large",
    );
    const manyFields = Object.fromEntries(Array.from({ length: 20 }, (_, one) => [one, "v".repeat(5000)]));
    expect(typeOf(await postForm(url, buildForm(manyFields, "x")))).to.equal("413 /problems/body-too-large");
    await expectNothingStored();
  });

  it("refuses bodies that are no form or that end early", async () => {
    const { url, fields } = await signForm();
    const path = new URL(url).pathname;
    const { head } = formatForm(fields);
    for (const [type, body, expected] of [
      ["application/json", "{}", "415 /problems/unsupported-media-type"],
      ["multipart/form-data; x=y", "x", "400 /problems/invalid-request"],
      [formContentType, "x", "400 /problems/invalid-request"],
      [formContentType, "", "400 /problems/invalid-request"],
      [formContentType, head.slice(0, 300), "400 /problems/invalid-request"],
      [formContentType, `${head}half a film`, "400 /problems/invalid-request"],
    ] as const)
      expect(
        typeOf(await sendRequest(port, path, { method: "POST", headers: { "content-type": type }, body })),
        body,
      ).to.equal(expected);
    await expectNothingStored();
  });

  it("refuses a file over the limit, by its Content-Length or while it is read", async () => {
    const urlSigner = createUrlSigner({
      key: await openSigningKey(join(app.root, "upload-signing-key")),
      expirySeconds: 60,
      now: () => nowMs,
    });
    const target = { key: "small.mp4", contentType: "video/mp4", metadata: {} };
    const uploads = createMultipartUploads({ directory: app.root, store: () => Promise.reject(new Error()) });
    const { url, fields } = await createLocalUploadSigner(uploads, urlSigner).signUpload(target, {
      maxBytes: mebibyte,
    });
    const formUrl = `http://127.0.0.1:${port}${url}`;
    const tooLarge = new Blob([makeBytes(mebibyte + 1, 1)]);
    expect(typeOf(await postForm(formUrl, buildForm(fields, tooLarge)))).to.equal(
      "413 /problems/body-too-large",
    );
    const { head } = formatForm(fields);
    const announced = await openConnection(
      port,
      `${formatFormRequest(formUrl, 2 * mebibyte)}${head}${"x".repeat(100)}`,
    );
    expect(await readUntilClose(announced)).to.match(/^HTTP\/1\.1 413 /);
    const chunk = `${mebibyte.toString(16)}\r\n${"x".repeat(mebibyte)}\r\n`;
    const chunked = await openConnection(
      port,
      `${formatFormRequest(formUrl, 0).replace("Content-Length: 0", "Transfer-Encoding: chunked")}${head.length.toString(16)}\r\n${head}\r\n`,
    );
    // The body has no end: the response comes without it.
    chunked.write(chunk.repeat(2));
    expect(await readUntilClose(chunked)).to.match(/^HTTP\/1\.1 413 /);
    await expectNothingStored();
    expect((await postForm(formUrl, buildForm(fields, tooLarge.slice(0, mebibyte)))).status).to.equal(204);
  });

  it("names every fault of a name and its metadata", async () => {
    const faultsOf = async (body: unknown): Promise<readonly string[]> => {
      const answer = await call("POST", "/s3/multipart", { headers: json, body: JSON.stringify(body) });
      expect(typeOf(answer)).to.equal("400 /problems/invalid-request");
      return JSON.parse(answer.body).errors.map(({ parameter }: { parameter: string }) => parameter);
    };
    const type = "video/mp4";
    expect(await faultsOf({})).to.deep.equal(["filename", "type"]);
    for (const filename of ["", "folder/", "a\nb", "../a", "a/../b", "ü".repeat(513), "a\ud800"])
      expect(await faultsOf({ filename, type }), filename).to.deep.equal(["filename"]);
    expect(
      await faultsOf({
        filename: `${"x".repeat(1024)}\u0007/../`,
        type,
        metadata: { prefix: "\u0000", "b d": "1", e: "v".repeat(2048) },
      }),
    ).to.deep.equal([
      "filename",
      "filename",
      "filename",
      "metadata.prefix",
      "filename",
      "metadata.b d",
      "metadata",
    ]);
    for (const filename of [".", "a/./b.mp4", "a/../b.mp4"])
      expect(await faultsOf({ filename, type: "video/mp4" }), filename).to.deep.equal(["filename"]);
    for (const type of ["video/mp4\r\nX-Header: 1", "video/mp4\0", "vidéo/mp4", " video/mp4", ""])
      expect(await faultsOf({ filename: "a.mp4", type }), type).to.deep.equal(["type"]);
    const query = await call("GET", "/s3/params?filename=a/&type=video/mp4&metadata[x%20y]=1");
    expect(JSON.parse(query.body).errors.map(({ in: place }: { in: string }) => place)).to.deep.equal([
      "query",
      "query",
    ]);
    expect(typeOf(await call("GET", "/s3/params?filename=a&type=b&other=1"))).to.equal(
      "400 /problems/invalid-request",
    );
  });

  it("accepts no upload while the disk is full", async () => {
    const upload = await create("full.mp4");
    const url = await signPart(upload, 1);
    const form = await signForm();
    isFull = true;
    const body = JSON.stringify({ filename: "a", type: "b" });
    for (const answer of [
      await call("POST", "/s3/multipart", { headers: json, body }),
      await call("GET", "/s3/params?filename=a&type=b"),
      await call("GET", pathOf(upload, "/1")),
      await put(url, makeBytes(10, 1)),
      await postForm(form.url, buildForm(form.fields, "x")),
    ])
      expect(typeOf(answer)).to.equal("507 /problems/disk-full");
    isFull = false;
    await sendPart(upload, 1, makeBytes(10, 1));
  });

  it("accepts the files of the command, empty ones too, and reports one that changes meanwhile", async () => {
    const client = createClient({ port });
    for (const bytes of [Buffer.alloc(0), makeBytes(10, 1)]) {
      const path = join(app.root, "film.mp4");
      await writeFile(path, bytes);
      let sent = 0;
      const key = `films/${bytes.length}.mp4`;
      const result = await client.upload(
        { path, key, bytes: bytes.length },
        { a: "1" },
        {
          onProgress(count) {
            sent += count;
          },
        },
      );
      expect(result).to.deep.include({ bucket: "input", key, jobId: `job of ${key}` });
      expect(sent).to.equal(bytes.length);
      expect(await readInput(key)).to.deep.equal(bytes);
      expect(stored.at(-1)?.slice(2)).to.deep.equal(["video/mp4", { a: "1" }]);
      for (const size of [bytes.length - 1, bytes.length + 1].filter((one) => one >= 0)) {
        const failure = await client
          .upload({ path, key: "changed.mp4", bytes: size }, {}, { onProgress: () => undefined })
          .catch((cause: unknown) => cause);
        expect(String(failure)).to.include(`${path} changed during the upload`);
      }
    }
    expect(stored.map(([key]) => key)).to.deep.equal(["films/0.mp4", "films/10.mp4"]);
  });

  it("resumes an upload of the command that was stopped, and sends only the missing parts", async () => {
    const client = createClient({ port });
    const bytes = Buffer.concat([16, 16, 3].map((size, index) => makeBytes(size * mebibyte, index + 1)));
    const file = { path: join(app.root, "stopped.mp4"), key: "films/stopped.mp4", bytes: bytes.length };
    await writeFile(file.path, bytes);
    const records = openUploadRecords(join(app.root, "upload-records"), "runtime");
    const stop = new AbortController();
    const reason = new Error("stopped");
    let sent = 0;
    const failure = await client
      .upload(
        file,
        {},
        {
          records,
          signal: stop.signal,
          concurrency: 1,
          onProgress(count) {
            sent += count;
            if (sent > 20 * mebibyte) stop.abort(reason);
          },
        },
      )
      .catch((cause: unknown) => cause);
    expect(failure).to.equal(reason);
    expect(sent).to.equal(16 * mebibyte);

    const counts: number[] = [];
    let resumed: unknown;
    const result = await client.upload(
      file,
      {},
      {
        records,
        onProgress: (count) => counts.push(count),
        onResume: (...parts) => {
          resumed = parts;
        },
      },
    );
    expect(resumed).to.deep.equal([1, 3]);
    expect(counts[0]).to.equal(16 * mebibyte);
    expect(counts.reduce((sum, count) => sum + count)).to.equal(bytes.length);
    expect(result.key).to.equal(file.key);
    expect((await readInput(file.key)).equals(bytes)).to.equal(true);
    expect(await records.read(file.key)).to.equal(undefined);
  });

  it("never fails, whatever the request", async function () {
    this.timeout(120_000);
    const upload = await create("property.mp4");
    const encoded = fc
      .oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom(upload.uploadId, upload.key, "1", "10001", "-1", ".."),
      )
      .map(encodeURIComponent);
    const path = fc.oneof(
      fc.constantFrom("/s3/params", "/s3/multipart"),
      encoded.map((one) => `/s3/multipart/${one}`),
      fc.tuple(encoded, encoded).map(([one, two]) => `/s3/multipart/${one}/${two}`),
      encoded.map((one) => `/s3/multipart/${one}/complete`),
      fc.tuple(encoded, encoded).map(([one, two]) => `/reelway/uploads/${one}/${two}`),
      fc.constant("/input"),
    );
    const query = fc.array(
      fc.tuple(
        fc.constantFrom("key", "filename", "type", "metadata[a]", "metadata[", "signature", "expires"),
        encoded,
      ),
      { maxLength: 4 },
    );
    const body = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc
        .record({
          filename: fc.string(),
          type: fc.string(),
          metadata: fc.dictionary(fc.string(), fc.jsonValue()),
        })
        .map((one) => JSON.stringify(one)),
      fc
        .record({ parts: fc.array(fc.record({ PartNumber: fc.jsonValue(), ETag: fc.jsonValue() })) })
        .map((one) => JSON.stringify(one)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"),
        path,
        query,
        body,
        async (method, one, parameters, content) => {
          const search = parameters.map((pair) => pair.join("=")).join("&");
          const answer = await sendRequest(port, `${one}?${search}`, {
            method,
            headers: json,
            ...(method === "GET" || method === "HEAD" ? {} : { body: content }),
          });
          expect(answer.status, answer.body).to.be.below(500);
          if (answer.status >= 400 && method !== "HEAD")
            expect(answer.headers["content-type"]).to.equal("application/problem+json");
        },
      ),
      { numRuns: 400 },
    );
    expect(app.failures).to.deep.equal([]);
  });
});
