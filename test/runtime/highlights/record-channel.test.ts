import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../cli/actions/highlights-record.ts";
import { parsePlaylist } from "../../../pipeline/highlights/playlist/parse-playlist.ts";
import { recordChannel } from "../../../runtime/highlights/record-channel.ts";
import { type Origin, startOrigin } from "../../adapters/aws/origin.ts";

const key = randomBytes(16);
const encrypt = (bytes: Buffer, sequence: number): Buffer => {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(sequence, 12);
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
};

describe("a recording of a channel", () => {
  const parts = Object.fromEntries(
    ["init-a", "init-b", "0", "1", "2", "4", "5"].map((name) => [name, randomBytes(1000)]),
  ) as Record<string, Buffer>;
  let folder: string;
  let origin: Origin;
  const failures = new Map<string, number[]>();
  const requested: string[] = [];
  const manifests: Record<string, string> = {
    "/main.m3u8": [
      "#EXTM3U",
      '#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1280x720,CODECS="avc1.4d401f"',
      "high.m3u8",
      '#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=640x360,CODECS="avc1.4d401f"',
      "low.m3u8",
      "",
    ].join("\n"),
    // Segment 3 does not exist. Segments 4 and 5 are another timeline, encrypted, in one resource.
    "/low.m3u8": [
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      "#EXT-X-TARGETDURATION:2",
      "#EXT-X-MEDIA-SEQUENCE:70",
      '#EXT-X-MAP:URI="init-a"',
      ...[0, 1, 2, 3].flatMap((index) => [
        ...(index === 0 ? ["#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:00.000Z"] : []),
        "#EXTINF:2.000000,",
        String(index),
      ]),
      "#EXT-X-DISCONTINUITY",
      '#EXT-X-MAP:URI="init-b"',
      '#EXT-X-KEY:METHOD=AES-128,URI="key"',
      "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T13:00:00.000Z",
      ...[4, 5].flatMap((index) => [
        "#EXTINF:1.500000,",
        `#EXT-X-BYTERANGE:1008@${(index - 4) * 1008}`,
        "encrypted",
      ]),
      "#EXT-X-ENDLIST",
      "",
    ].join("\n"),
    // A channel that goes on.
    "/live.m3u8": [
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      "#EXT-X-TARGETDURATION:2",
      '#EXT-X-MAP:URI="init-a"',
      ...[0, 1, 2].flatMap((index) => ["#EXTINF:2.000000,", String(index)]),
      "",
    ].join("\n"),
  };

  before(async () => {
    const encrypted = Buffer.concat(
      ["4", "5"].map((name) => encrypt(parts[name] ?? Buffer.alloc(0), 70 + Number(name))),
    );
    origin = await startOrigin(({ url = "", headers }, response) => {
      requested.push(url);
      const status = failures.get(url)?.shift();
      const manifest = manifests[url];
      if (status !== undefined) response.writeHead(status).end();
      else if (manifest !== undefined) response.end(manifest);
      else if (url === "/key") response.end(key);
      else if (url === "/encrypted") {
        const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
        response.writeHead(206, { "content-range": `bytes ${start}-${end}/${encrypted.length}` });
        response.end(encrypted.subarray(Number(start), Number(end) + 1));
      } else {
        const bytes = parts[url.slice(1)];
        if (bytes === undefined) response.writeHead(404).end();
        else response.end(bytes);
      }
    });
  });
  after(() => origin.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-"));
    requested.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const record = (path: string, warnings: string[] = [], seconds = 60, graceMs = 60_000) =>
    recordChannel({
      graceMs,
      manifestUrl: origin.toUrl(path, "127.0.0.1"),
      allowedHosts: [],
      seconds,
      folder,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onWarning: (line) => warnings.push(line),
    });

  it("has the decrypted bytes of the cheapest variant, its timelines and times", async () => {
    failures.set("/2", [503]);
    const warnings: string[] = [];
    const result = await record("/main.m3u8", warnings);

    expect(result).to.deep.equal({ reason: "ended", segments: 5, seconds: 9, bytes: 7000 });
    expect(requested).to.not.include("/high.m3u8");
    const playlist = parsePlaylist(
      await readFile(join(folder, "index.m3u8"), "utf8"),
      "http://127.0.0.1/index.m3u8",
    );
    if (playlist.kind !== "media") throw new Error("The recording has no media playlist.");
    expect(playlist.isEnded).to.equal(true);
    const contents = await Promise.all(
      playlist.segments.map(async ({ url, initializationSection, isDiscontinuity, programDateTime }) => [
        await readFile(join(folder, new URL(url).pathname)),
        await readFile(join(folder, new URL(initializationSection?.url ?? "").pathname)),
        isDiscontinuity,
        programDateTime?.epochMs,
      ]),
    );
    const noon = Date.UTC(2026, 10, 21, 12);
    expect(contents).to.deep.equal([
      [parts["0"], parts["init-a"], false, noon],
      [parts["1"], parts["init-a"], false, noon + 2000],
      [parts["2"], parts["init-a"], false, noon + 4000],
      [parts["4"], parts["init-b"], true, noon + 3_600_000],
      [parts["5"], parts["init-b"], false, noon + 3_601_500],
    ]);
    expect(warnings.map((line) => line.split(":")[0])).to.deep.equal([
      "A segment is requested again",
      "A segment is left out",
    ]);
    expect(await readdir(folder)).to.not.include(".incomplete");
  });

  it("ends when the channel goes on and has sent less than requested, with an exit code of its own", async () => {
    const { reason, segments } = await record("/live.m3u8", [], 60, -60_000);
    expect([reason, segments]).to.deep.equal(["late", 3]);
    expect(exitCodes).to.deep.equal({ complete: 0, ended: 0, late: 1, stopped: 0 });
  });

  it("ends when it is as long as requested", async () => {
    expect(await record("/low.m3u8", [], 3)).to.include({ reason: "complete", segments: 2, seconds: 4 });
  });

  it("gives up a channel that cannot be read from the start, and leaves no folder", async () => {
    failures.set("/low.m3u8", [500, 500, 500]);
    for (const [path, message] of [
      ["/low.m3u8", "the server returned status 500"],
      ["/0", "is not an HLS playlist"],
    ] as const) {
      const attempt = recordChannel({
        manifestUrl: origin.toUrl(path, "127.0.0.1"),
        allowedHosts: [],
        seconds: 60,
        folder: join(folder, "new"),
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onWarning: () => undefined,
      });
      expect(String(await attempt.catch((cause: unknown) => cause))).to.include(message);
      expect(await readdir(folder)).to.deep.equal([]);
    }
  });
});
