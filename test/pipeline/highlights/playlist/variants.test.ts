import { expect } from "chai";
import { parsePlaylist } from "../../../../pipeline/highlights/playlist/parse-playlist.ts";
import type { MultivariantPlaylist, Variant } from "../../../../pipeline/highlights/playlist/playlist.ts";
import { PlaylistError } from "../../../../pipeline/highlights/playlist/playlist-error.ts";
import { identifyVariant, selectVariant } from "../../../../pipeline/highlights/playlist/select-variant.ts";

const parse = (...lines: readonly string[]): MultivariantPlaylist => {
  const playlist = parsePlaylist(
    ["#EXTM3U", ...lines, ""].join("\n"),
    "https://cdn.example.com/live/main.m3u8?session=7",
  );
  if (playlist.kind !== "multivariant") throw new Error("not a multivariant playlist");
  return playlist;
};

describe("parsePlaylist: a multivariant playlist", () => {
  it("has variants with what they declare, and audio renditions", () => {
    const playlist = parse(
      "#EXT-X-INDEPENDENT-SEGMENTS",
      '#EXT-X-DEFINE:QUERYPARAM="session"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="English, main",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="audio/{$session}/en.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="in the variants",DEFAULT=NO',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="s.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=2000000, AVERAGE-BANDWIDTH=1500000 ,RESOLUTION=1280x720,FRAME-RATE=29.970,CODECS="avc1.64001f, mp4a.40.2",AUDIO="aac"',
      "# comment",
      "../v/720.m3u8",
      "#EXT-X-STREAM-INF:BANDWIDTH=64000,RESOLUTION=0x0",
      "https://other.example.com/audio.m3u8",
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=90000,RESOLUTION=640x360,URI="iframe.m3u8"',
      '#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://x"',
    );
    expect(playlist).to.deep.equal({
      kind: "multivariant",
      url: "https://cdn.example.com/live/main.m3u8?session=7",
      variants: [
        {
          url: "https://cdn.example.com/v/720.m3u8",
          bandwidth: 2_000_000,
          averageBandwidth: 1_500_000,
          width: 1280,
          height: 720,
          frameRate: 29.97,
          codecs: ["avc1.64001f", "mp4a.40.2"],
          audioGroup: "aac",
        },
        { url: "https://other.example.com/audio.m3u8", bandwidth: 64_000, codecs: [] },
      ],
      audioRenditions: [
        {
          groupId: "aac",
          name: "English, main",
          language: "en",
          isDefault: true,
          url: "https://cdn.example.com/live/audio/7/en.m3u8",
        },
        { groupId: "aac", name: "in the variants", isDefault: false },
      ],
      variables: new Map([["session", "7"]]),
    });
  });

  it("is rejected if a variant has no URI, no bandwidth or no valid size", () => {
    const expectError = (lines: readonly string[], pattern: RegExp) =>
      expect(() => parse(...lines)).to.throw(PlaylistError, pattern);
    expectError(["#EXT-X-STREAM-INF:BANDWIDTH=1"], /^Line 2 .*EXT-X-STREAM-INF is not followed by a URI/);
    expectError(
      ["#EXT-X-STREAM-INF:BANDWIDTH=1", "#EXT-X-STREAM-INF:BANDWIDTH=2", "a.m3u8"],
      /^Line 2 .*is not followed by a URI/,
    );
    expectError(
      ["#EXT-X-STREAM-INF:BANDWIDTH=1", "a", "b"],
      /^Line 4 .*"b" does not follow EXT-X-STREAM-INF/,
    );
    expectError(["#EXT-X-STREAM-INF:RESOLUTION=1x1", "a"], /EXT-X-STREAM-INF has no BANDWIDTH/);
    expectError(
      ["#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=720p", "a"],
      /RESOLUTION is "720p", not WIDTHxHEIGHT/,
    );
    expectError(["#EXT-X-STREAM-INF:BANDWIDTH=1\na\n".repeat(1001)], /more than 1000 streams/);
  });
});

const variant = (url: string, bandwidth: number, height?: number, ...codecs: string[]): Variant => ({
  url,
  bandwidth,
  codecs,
  ...(height === undefined ? {} : { width: 16, height }),
});
const select = (variants: readonly Variant[], ...avoidUrls: readonly string[]): string | undefined =>
  selectVariant({ variants }, { minHeight: 360, avoidUrls })?.url;

describe("selectVariant", () => {
  it("selects the lowest bandwidth of at least the height", () => {
    const variants = [
      variant("1080", 5_000_000, 1080),
      variant("720", 900_000, 720, "avc1.64001f", "mp4a.40.2"),
      variant("360", 1_000_000, 360, "hvc1.1.6.L93.B0"),
      variant("240", 300_000, 240),
    ];
    expect(select(variants)).to.equal("720");
    expect(select(variants, "720")).to.equal("360");
    expect(select(variants, "720", "360", "1080")).to.equal("240");
    expect(select(variants, "720", "360", "1080", "240")).to.equal("720");
  });

  it("selects the highest if all are lower, and of several the one with the lowest bandwidth", () => {
    expect(select([variant("a", 1, 144), variant("b", 3, 270), variant("c", 2, 270)])).to.equal("c");
  });

  it("decides between equal bandwidths by height, then by order", () => {
    expect(select([variant("a", 5, 720), variant("b", 5, 480), variant("c", 5, 480)])).to.equal("b");
  });

  it("does not consider audio and variants without a height", () => {
    const others = [
      variant("a", 1, 720, "mp4a.40.2"),
      variant("b", 2, 720, "wvtt"),
      variant("c", 1, undefined, "avc1"),
    ];
    expect(select(others)).to.equal(undefined);
    expect(select([...others, variant("d", 9, 240, "AVC1.42c00d")])).to.equal("d");
  });
});

describe("identifyVariant", () => {
  it("does not depend on the URL", () => {
    expect(identifyVariant(variant("a?session=1", 5, 720, "avc1"))).to.equal(
      identifyVariant(variant("a?session=2", 5, 720, "avc1")),
    );
    expect(identifyVariant(variant("a", 5, 720))).not.to.equal(identifyVariant(variant("a", 5, 480)));
  });
});
