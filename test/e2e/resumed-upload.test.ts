import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createClient } from "../../runtime/client.ts";
import { type RunningRuntime, startReelway } from "./program.ts";

const mebibyte = 2 ** 20;
const partBytes = 16 * mebibyte;

const md5Of = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash("md5");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
};

describe("an upload through a killed runtime", function () {
  this.timeout(120_000);
  let root: string;
  let data: string;
  let runtime: RunningRuntime;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-"));
    data = join(root, "data");
    runtime = await startReelway(data);
  });
  afterEach(async () => {
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    await rm(root, { recursive: true, force: true });
  });
  const killAndRestart = async () => {
    runtime.child.kill("SIGKILL");
    await runtime.exited;
    runtime = await startReelway(data, runtime.port);
  };
  const fetchJson = async (path: string, init: RequestInit = {}) =>
    (await fetch(`http://127.0.0.1:${runtime.port}${path}`, init)).json() as Promise<Record<string, string>>;

  it("continues at the part that was interrupted, and stores the file once", async () => {
    // An asset: it becomes no job.
    const file = { path: join(root, "film.srt"), key: "films/film.srt", bytes: 5 * partBytes + 1 };
    await writeFile(file.path, randomBytes(file.bytes));
    let sent = 0;
    let sentInAll = 0;
    let restart: Promise<void> | undefined;
    const result = await createClient({ port: runtime.port }).upload(
      file,
      { "recorded-by": "me" },
      {
        onProgress(bytes) {
          sent += bytes;
          sentInAll += Math.max(0, bytes);
          if (sent > 2.5 * partBytes) restart ??= killAndRestart();
        },
      },
    );
    await restart;
    expect(result).to.deep.equal({
      bucket: "input",
      key: file.key,
      location: `http://127.0.0.1:${runtime.port}/input/${file.key}`,
      jobId: null,
    });
    expect(restart).to.not.equal(undefined);
    expect(sent).to.equal(file.bytes);
    expect(sentInAll)
      .to.be.above(file.bytes)
      .and.below(file.bytes + 2 * partBytes);
    const stored = await fetch(`http://127.0.0.1:${runtime.port}/input/${file.key}`);
    expect(stored.headers.get("etag")).to.equal(`"${await md5Of(createReadStream(file.path))}"`);
  });

  it("keeps the stored parts and drops the incomplete one", async () => {
    const headers = { "content-type": "application/json" };
    const { uploadId = "", key = "" } = await fetchJson("/s3/multipart", {
      method: "POST",
      headers,
      body: JSON.stringify({ filename: "film.srt", type: "text/plain" }),
    });
    const path = `/s3/multipart/${uploadId}`;
    const query = new URLSearchParams({ key });
    const contents = [randomBytes(5 * mebibyte), randomBytes(100)];
    const sendPart = async (number: number) => {
      const { url = "" } = await fetchJson(`${path}/${number}?${query}`);
      const response = await fetch(url, { method: "PUT", body: contents[number - 1] });
      return { PartNumber: number, ETag: response.headers.get("etag") };
    };
    const first = await sendPart(1);
    const { url = "" } = await fetchJson(`${path}/2?${query}`);
    const folder = join(data, "multipart-uploads", uploadId);
    const listTemporary = async () => (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
    const interrupted = request(url, { method: "PUT", headers: { "content-length": 1000 } });
    interrupted.write("half a part");
    while ((await listTemporary()).length === 0);
    const closed = once(interrupted, "error");
    await killAndRestart();
    await closed;
    expect(await listTemporary()).to.deep.equal([]);
    expect(await fetchJson(`${path}?${query}`)).to.deep.equal([{ ...first, Size: 5 * mebibyte }]);
    const body = JSON.stringify({ parts: [first, await sendPart(2)] });
    const complete = () => fetchJson(`${path}/complete?${query}`, { method: "POST", headers, body });
    const result = await complete();
    expect(result).to.deep.include({ bucket: "input", key });
    await killAndRestart();
    expect(await complete()).to.deep.equal(result);
    const stored = await fetch(`http://127.0.0.1:${runtime.port}/input/film.srt`);
    expect(Buffer.from(await stored.arrayBuffer()).equals(Buffer.concat(contents))).to.equal(true);
    const [object = ""] = await readdir(join(data, "objects", "input"));
    const versions = (await readdir(join(data, "objects", "input", object))).filter((name) =>
      name.endsWith(".bytes"),
    );
    expect(versions).to.have.length(1);
    // The parts are gone: the bytes are on the disk once.
    expect((await stat(join(data, "objects", "input", object, versions[0] ?? ""))).nlink).to.equal(1);
  });
});
