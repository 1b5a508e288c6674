import { expect } from "chai";
import fc from "fast-check";
import * as hls from "hls-parser";
import {
  getAudioCodecName,
  parseFileAvcCodec,
  parseStreamAvcCodec,
} from "../../../../pipeline/packaging/codec-names.ts";
import { buildDashManifest } from "../../../../pipeline/packaging/dash-manifest.ts";
import { parseFragmentIndex } from "../../../../pipeline/packaging/fragment-index.ts";
import {
  buildMasterPlaylist,
  buildMediaPlaylist,
  computeBandwidth,
  type HlsVariant,
  parseSegments,
} from "../../../../pipeline/packaging/hls-playlist.ts";
import { buildRelativeUri } from "../../../../pipeline/packaging/relative-uri.ts";
import { readManifest } from "../../../e2e/mpd.ts";

const variant = (uri: string, more: Partial<HlsVariant> = {}): HlsVariant => ({
  uri,
  peak: 2000,
  average: 1000,
  hasAudio: true,
  size: { width: 640, height: 360 },
  codecs: "avc1.42c01e,mp4a.40.2",
  ...more,
});
const parseMaster = (variants: readonly HlsVariant[]) => {
  const parsed = hls.parse(buildMasterPlaylist(variants));
  if (!parsed.isMasterPlaylist) throw new Error("no master playlist");
  return parsed;
};

describe("relative URIs", () => {
  it("are relative between keys, with escaped names", () => {
    expect(buildRelativeUri("main.m3u8", "hls/a b.m3u8")).to.equal("hls/a%20b.m3u8");
    expect(buildRelativeUri("lists/main.m3u8", "hls/a.m3u8")).to.equal("../hls/a.m3u8");
    expect(buildRelativeUri("a/b/main.mpd", "a/b/c#1.mp4")).to.equal("c%231.mp4");
    expect(buildRelativeUri("a/b/main.mpd", "a/c/d.mp4")).to.equal("../c/d.mp4");
    expect(buildRelativeUri("a/main.mpd", "a/b/c:d/e.mp4")).to.equal("b/c%3Ad/e.mp4");
  });

  it("resolve to the same key in any client", () => {
    const folder = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !/^\.{1,2}$|\//.test(name));
    const key = fc.array(folder, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
    const address = (path: string) => `http://bucket/${path.split("/").map(encodeURIComponent).join("/")}`;
    fc.assert(
      fc.property(key, key, (from, to) => {
        expect(new URL(buildRelativeUri(from, to), address(from)).href).to.equal(new URL(address(to)).href);
      }),
    );
  });
});

describe("HLS playlists", () => {
  it("are parsed as ffmpeg writes them and rewritten with other names", () => {
    const written =
      "#EXTM3U\n#EXTINF:2.000000,\noutput-0-00000.ts\n#EXTINF:1.500000,\noutput-0-00001.ts\n#EXT-X-ENDLIST\n";
    const segments = parseSegments(written);
    const parsed = hls.parse(buildMediaPlaylist(segments));
    if (!("segments" in parsed)) throw new Error("no media playlist");

    expect(segments).to.deep.equal([
      { uri: "output-0-00000.ts", seconds: 2 },
      { uri: "output-0-00001.ts", seconds: 1.5 },
    ]);
    expect({
      targetDuration: parsed.targetDuration,
      endlist: parsed.endlist,
      playlistType: parsed.playlistType,
    }).to.deep.equal({ targetDuration: 2, endlist: true, playlistType: "VOD" });
  });

  it("report the peak segment's rate, ignoring a last one of a few frames", () => {
    const pieces = [
      { seconds: 2, bytes: 1000 },
      { seconds: 2, bytes: 3000 },
      { seconds: 0.1, bytes: 1000 },
    ];
    expect(computeBandwidth(pieces)).to.deep.equal({ peak: 12_000, average: 9757 });
    expect(computeBandwidth([{ seconds: 0.2, bytes: 100 }])).to.deep.equal({ peak: 4000, average: 4000 });
  });

  it("list audio-only renditions without a resolution", () => {
    const { variants } = parseMaster([
      variant("a.m3u8"),
      variant("b.m3u8", { size: undefined, codecs: "mp4a.40.2" }),
    ]);

    expect(
      variants.map(({ uri, resolution, audio }) => [uri, resolution?.width, audio.length]),
    ).to.deep.equal([
      ["a.m3u8", 640, 0],
      ["b.m3u8", undefined, 0],
    ]);
  });

  it("combine silent video with separate audio", () => {
    const { variants } = parseMaster([
      variant("a.m3u8", { hasAudio: false, codecs: "avc1.4d401f" }),
      variant("b.m3u8", { size: undefined, codecs: "mp4a.40.2", peak: 100, average: 50 }),
    ]);

    expect(
      variants.map(({ uri, bandwidth, codecs, audio }) => [uri, bandwidth, codecs, audio[0]?.uri]),
    ).to.deep.equal([
      ["a.m3u8", 2100, "avc1.4d401f,mp4a.40.2", "b.m3u8"],
      ["b.m3u8", 100, "mp4a.40.2", "b.m3u8"],
    ]);
  });
});

describe("codec strings", () => {
  it("are read from a stream's parameter set and from a file's configuration", () => {
    expect(
      parseStreamAvcCodec(Uint8Array.of(71, 0, 0, 0, 1, 9, 240, 0, 0, 0, 1, 0x67, 0x4d, 0x40, 0x1f, 1)),
    ).to.equal("avc1.4d401f");
    expect(parseStreamAvcCodec(Uint8Array.of(0, 0, 1, 9, 240, 0, 0, 1))).to.equal(undefined);
    expect(parseFileAvcCodec(Buffer.concat([Buffer.from("....avcC"), Buffer.of(1, 0x64, 0, 0x29)]))).to.equal(
      "avc1.640029",
    );
    expect(parseFileAvcCodec(Buffer.from("moov"))).to.equal(undefined);
    expect([getAudioCodecName("aac"), getAudioCodecName("mp3")]).to.deep.equal(["mp4a.40.2", "mp4a.40.34"]);
  });
});

/** A box of ISO/IEC 14496-12. */
const box = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
const sidx = (version: 0 | 1, entries: readonly (readonly [bytes: number, durationMs: number])[]): Buffer => {
  const start = version === 0 ? 20 : 28;
  const body = Buffer.alloc(start + 4 + entries.length * 12);
  body.writeUInt8(version);
  body.writeUInt32BE(1000, 8);
  body.writeUInt16BE(entries.length, start + 2);
  for (const [index, [bytes, durationMs]] of entries.entries()) {
    body.writeUInt32BE(bytes, start + 4 + index * 12);
    body.writeUInt32BE(durationMs, start + 8 + index * 12);
  }
  return box("sidx", body);
};

describe("MPEG-DASH manifests", () => {
  const header = Buffer.concat([box("ftyp", Buffer.alloc(8)), box("moov", Buffer.alloc(92))]);
  const file = (version: 0 | 1, ...entries: (readonly [number, number])[]) =>
    Buffer.concat([header, sidx(version, entries), box("moof", Buffer.alloc(4))]);
  const parseIndex = (bytes: Buffer) => {
    const fragments = parseFragmentIndex(bytes);
    if (fragments === undefined) throw new Error("no index");
    return fragments;
  };

  it("use the index of a fragmented file of either version", () => {
    for (const version of [0, 1] as const)
      expect(parseIndex(file(version, [500, 2000], [300, 1500]))).to.deep.equal({
        headerRange: [0, 115],
        indexRange: [116, 116 + (version === 0 ? 32 : 40) + 24 - 1],
        fragments: [
          { seconds: 2, bytes: 500 },
          { seconds: 1.5, bytes: 300 },
        ],
      });
  });

  it("reject files without an index, truncated files and files that are not MP4", () => {
    expect(parseFragmentIndex(Buffer.concat([header, box("moof", Buffer.alloc(8))]))).to.equal(undefined);
    expect(parseFragmentIndex(file(0, [1, 1]).subarray(0, 130))).to.equal(undefined);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseFragmentIndex(bytes)));
  });

  it("put video and audio into separate sets, aligned if they match", () => {
    const video = (uri: string, ...entries: (readonly [number, number])[]) => ({
      uri,
      fragments: parseIndex(file(0, ...entries)),
      codecs: "avc1.4d401f",
      durationSeconds: 4,
      video: { width: 640, height: 360, frameRate: 29.97 },
    });
    const audio = {
      uri: "a&b.mp4",
      fragments: parseIndex(file(1, [100, 4000])),
      codecs: "mp4a.40.2",
      durationSeconds: 4.02,
      audio: { sampleRate: 44_100, channels: 2 },
    };
    const text = buildDashManifest([
      video("1.mp4", [500, 2000], [900, 2000]),
      audio,
      video("2.mp4", [9, 2000], [9, 2000]),
    ]);
    const manifest = readManifest("lists/x.mpd", text);

    expect(manifest.seconds).to.equal(4.02);
    expect(manifest.video.map(({ path, bandwidth }) => [path, bandwidth])).to.deep.equal([
      ["lists/1.mp4", 3600],
      ["lists/2.mp4", 36],
    ]);
    expect(manifest.audio.map(({ path }) => path)).to.deep.equal(["lists/a&b.mp4"]);
    expect(text).to.include('frameRate="29970/1000"').and.include('minBufferTime="PT4.000S"');
    expect(text.match(/subsegmentAlignment="true"/g)).to.have.length(2);
    const uneven = buildDashManifest([
      video("1.mp4", [5, 2000], [5, 2000]),
      video("2.mp4", [5, 3000], [5, 1000]),
    ]);
    expect(uneven).to.include('subsegmentAlignment="false"');
  });
});
