import { createCipheriv } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createChannelFetcher } from "../../../../adapters/aws/channel-fetcher.ts";
import { createLocalObjectStore } from "../../../../adapters/local/object-store.ts";
import { createSegmentArchive } from "../../../../docker/ffmpeg/highlights/segment-archive.ts";
import { FetchFailure } from "../../../../pipeline/highlights/channel-fetcher.ts";
import { createKeyCache } from "../../../../pipeline/highlights/key-cache.ts";
import { startOrigin } from "../../../adapters/aws/origin.ts";

describe("the archive of a channel's segments", () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  });

  /** Serves files by path, with byte ranges, and archives from it. */
  const open = async (files: Readonly<Record<string, () => Uint8Array>>) => {
    const requested: string[] = [];
    const origin = await startOrigin((request, response) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      requested.push(path);
      const bytes = files[path]?.();
      if (bytes === undefined) {
        response.writeHead(404).end();
        return;
      }
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      if (first === undefined || last === undefined) {
        response.end(bytes);
        return;
      }
      response.writeHead(206, { "Content-Range": `bytes ${first}-${last}/${bytes.length}` });
      response.end(bytes.subarray(Number(first), Number(last) + 1));
    });
    const folder = await mkdtemp(join(tmpdir(), "reelway-archive-"));
    const objects = createLocalObjectStore({ directory: join(folder, "objects") });
    const toUrl = (path: string) => origin.toUrl(path, "127.0.0.1");
    const fetcher = createChannelFetcher({ manifestUrl: toUrl("/live.m3u8"), allowLoopback: true });
    cleanups.push(
      () => rm(folder, { recursive: true, force: true }),
      () => origin.close(),
      () => fetcher.close(),
    );
    const scratch = join(folder, "scratch");
    const openArchive = () =>
      createSegmentArchive({
        fetcher,
        keys: createKeyCache(fetcher),
        objects,
        bucket: "archive",
        scratch,
      });
    return {
      requested,
      toUrl,
      openArchive,
      archive: openArchive(),
      read: async (key: string) => text(await objects.read({ bucket: "archive", key })),
      listScratch: () => readdir(scratch),
    };
  };

  it("copies a part once, and says whether an earlier run did", async () => {
    const { archive, openArchive, requested, toUrl, read, listScratch } = await open({
      "/s1.ts": () => Buffer.from("first"),
    });
    const request = { key: "news/1.ts", url: toUrl("/s1.ts") };

    expect(await archive.copy(request)).to.deep.equal({ key: "news/1.ts", bytes: 5, isNew: true });
    expect(await openArchive().copy(request)).to.deep.equal({ key: "news/1.ts", bytes: 5, isNew: false });

    expect(requested).to.deep.equal(["/s1.ts"]);
    expect(await read("news/1.ts")).to.equal("first");
    expect(await listScratch()).to.deep.equal([]);
  });

  it("keeps different initialization sections apart: of one URL at two times, and of two byte ranges", async () => {
    let content = "before after";
    const { archive, openArchive, requested, toUrl, read } = await open({
      "/init.mp4": () => Buffer.from(content),
    });
    const request = { url: toUrl("/init.mp4"), keyPrefix: "news/init-1-", keySuffix: ".mp4" };

    const whole = await archive.copyContent(request);
    const start = await archive.copyContent({ ...request, byteRange: { offset: 0, length: 6 } });
    const end = await archive.copyContent({ ...request, byteRange: { offset: 7, length: 5 } });
    expect(await archive.copyContent(request)).to.deep.equal(whole);
    expect(requested).to.have.length(3);
    content = "after a restart";
    const restarted = await openArchive().copyContent(request);
    content = "before after";
    expect(await openArchive().copyContent(request)).to.deep.equal(whole);

    const parts = [whole, start, end, restarted];
    expect(new Set(parts.map(({ key }) => key)).size).to.equal(4);
    for (const { key } of parts) expect(key).to.match(/^news\/init-1-[0-9a-f]{16}\.mp4$/);
    expect(await Promise.all(parts.map(({ key }) => read(key)))).to.deep.equal([
      "before after",
      "before",
      "after",
      "after a restart",
    ]);
  });

  it("decrypts AES-128, also a byte range of a file", async () => {
    const key = Buffer.from("0123456789abcdef");
    const iv = Buffer.alloc(16, 7);
    const cipher = createCipheriv("aes-128-cbc", key, iv);
    const encrypted = Buffer.concat([cipher.update("a segment in the clear"), cipher.final()]);
    const { archive, toUrl, read } = await open({
      "/key": () => key,
      "/all.ts": () => Buffer.concat([Buffer.from("padding"), encrypted]),
    });

    await archive.copy({
      key: "news/2.ts",
      url: toUrl("/all.ts"),
      byteRange: { offset: 7, length: encrypted.length },
      encryption: { keyUrl: toUrl("/key"), iv },
    });

    expect(await read("news/2.ts")).to.equal("a segment in the clear");
  });

  it("refuses a segment of more than 256 MiB before it is read", async () => {
    const { archive, toUrl } = await open({ "/s.ts": () => new Uint8Array(10) });
    const byteRange = { offset: 0, length: 256 * 2 ** 20 + 1 };

    const failure = await archive
      .copy({ key: "news/3.ts", url: toUrl("/s.ts"), byteRange })
      .catch((cause: unknown) => cause);

    expect(failure).to.be.instanceOf(FetchFailure).and.to.include({ kind: "too-large", retryable: false });
  });
});
