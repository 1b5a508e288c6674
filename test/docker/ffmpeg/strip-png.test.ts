import { Readable } from "node:stream";
import { expect } from "chai";
import {
  getOriginalUrl,
  type SourceServer,
  startSourceServer,
} from "../../../docker/ffmpeg/source-server.ts";
import { stripPng } from "../../../docker/ffmpeg/strip-png.ts";
import { catchJobFailure } from "../../e2e/recipe-bench.ts";
import { bombPng, textBomb } from "../../faults/bomb.ts";

const reference = { bucket: "input", key: "images/a.png" };
const options = { readTimeoutSeconds: 5 };
const { signal } = new AbortController();

/** One object in memory, and the ranges that were read of it. */
const createStore = (bytes: Buffer) => {
  const reads: number[] = [];
  return {
    reads,
    read: async (_: unknown, range = { start: 0, end: bytes.length - 1 }) => {
      reads.push(range.end - range.start + 1);
      return Readable.from([bytes.subarray(range.start, range.end + 1)]);
    },
  };
};

describe("a PNG served without its metadata", () => {
  const plain = bombPng(64, 64);
  const file = textBomb(plain, 100, 3);
  const objects = createStore(file);
  let server: SourceServer;
  let url = "";

  before(async () => {
    server = await startSourceServer({
      ...options,
      objects,
      onFailure: (failure) => expect.fail(failure.message),
    });
    const spans = await stripPng(objects, reference, file.length, signal, options);
    url = server.serve(reference, file.length, spans).url;
  });
  after(() => server.close());

  const get = async (address: string, range?: string) => {
    const response = await fetch(address, range === undefined ? {} : { headers: { range } });
    return {
      status: response.status,
      length: response.headers.get("content-length"),
      range: response.headers.get("content-range"),
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  };

  it("is one file with its own length", async () => {
    const { length } = plain;
    expect(await get(url)).to.deep.equal({ status: 200, length: String(length), range: null, bytes: plain });
    const head = await fetch(url, { method: "HEAD" });
    expect(head.headers.get("content-length")).to.equal(String(length));
  });

  it("supports ranges within and across its parts", async () => {
    for (const [start, end] of [
      [0, 0],
      [10, 32],
      [20, 60],
      [33, plain.length - 1],
      [plain.length - 1, plain.length - 1],
    ] as const) {
      const bytes = plain.subarray(start, end + 1);
      expect(await get(url, `bytes=${start}-${end}`)).to.deep.equal({
        status: 206,
        length: String(bytes.length),
        range: `bytes ${start}-${end}/${plain.length}`,
        bytes,
      });
    }
    expect((await get(url, "bytes=-5")).bytes).to.deep.equal(plain.subarray(-5));
    expect((await get(url, "bytes=40-")).bytes).to.deep.equal(plain.subarray(40));
    expect((await get(url, `bytes=${plain.length}-`)).status).to.equal(416);
  });

  it("is available next to the original", async () => {
    expect((await get(getOriginalUrl(url))).bytes).to.deep.equal(file);
    expect((await get(getOriginalUrl(url), "bytes=1-3")).bytes).to.deep.equal(file.subarray(1, 4));
  });

  it("needs few reads for any number of chunks", async () => {
    const data = plain.subarray(33, -12);
    const many = Buffer.concat([plain.subarray(0, 33), ...new Array<Buffer>(50_000).fill(data)]);
    const store = createStore(many);
    const spans = await stripPng(store, reference, many.length, signal, { ...options });

    expect(spans).to.deep.equal([{ start: 0, end: many.length - 1 }]);
    expect(store.reads.length).to.be.below(50);
  });

  it("is created for a PNG only", async () => {
    const other = Buffer.from("GIF89a and more");

    expect(await stripPng(createStore(other), reference, other.length, signal, options)).to.equal(undefined);
  });

  it("is rejected if it has more parts than any image", async () => {
    const scattered = Buffer.concat([
      plain.subarray(0, 33),
      ...new Array<Buffer>(1001).fill(textBomb(plain, 1, 1).subarray(33, -12)),
    ]);
    const failure = await catchJobFailure(
      stripPng(createStore(scattered), reference, scattered.length, signal, options),
    );

    expect(failure.toJobError()).to.include({ code: 4007, retryable: false });
    expect(failure.message).to.match(/^images\/a\.png is a PNG with more than 1000 separate parts/);
  });
});
