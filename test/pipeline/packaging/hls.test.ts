import { expect } from "chai";
import * as hls from "hls-parser";
import { computeBandwidth } from "../../../pipeline/packaging/bandwidth.ts";
import {
  buildMediaPlaylist,
  computeTargetDuration,
  listFragmentSegments,
  parseSegments,
} from "../../../pipeline/packaging/hls-media-playlist.ts";
import {
  buildAudioGroup,
  buildMultivariantPlaylist,
  type HlsRendition,
  type HlsVariant,
} from "../../../pipeline/packaging/hls-multivariant-playlist.ts";

const parseMedia = (text: string) => {
  const parsed = hls.parse(text);
  if (!("segments" in parsed)) throw new Error("no media playlist");
  return parsed;
};
const parseMultivariant = (text: string) => {
  const parsed = hls.parse(text);
  if (!parsed.isMasterPlaylist) throw new Error("no multivariant playlist");
  return parsed;
};

describe("media playlists", () => {
  it("do not drift over two hours: audio segments are whole AAC frames", () => {
    // 188 frames of 1024 samples at 48 kHz, as ffmpeg cuts for 4 s.
    const seconds = (188 * 1024) / 48_000;
    const fragments = Array.from({ length: 1795 }, (_, index) => ({ seconds, offset: index * 9, bytes: 9 }));
    const segments = listFragmentSegments("rendition-1.mp4", {
      headerRange: [0, 1],
      indexRange: [2, 3],
      fragments,
    });
    const parsed = parseMedia(buildMediaPlaylist({ segments, version: 7 }));
    const declared = parsed.segments.reduce((sum, { duration }) => sum + duration, 0);

    expect(parsed.targetDuration).to.equal(4);
    expect(parsed.segments.every(({ duration }) => Math.round(duration) <= 4)).to.equal(true);
    expect(declared).to.be.closeTo(1795 * seconds, 0.001);
  });

  it("are parsed as ffmpeg writes them and rewritten with other names", () => {
    const written =
      "#EXTM3U\n#EXTINF:2.000000,\noutput-0-00000.ts\n#EXTINF:1.500000,\noutput-0-00001.ts\n#EXT-X-ENDLIST\n";
    const segments = parseSegments(written);
    const parsed = parseMedia(buildMediaPlaylist({ segments }));

    expect(segments).to.deep.equal([
      { uri: "output-0-00000.ts", seconds: 2 },
      { uri: "output-0-00001.ts", seconds: 1.5 },
    ]);
    expect({
      version: parsed.version,
      targetDuration: parsed.targetDuration,
      endlist: parsed.endlist,
      playlistType: parsed.playlistType,
    }).to.deep.equal({ version: 3, targetDuration: 2, endlist: true, playlistType: "VOD" });
  });

  it("list the fragments of one file by their bytes", () => {
    const segments = listFragmentSegments("a.mp4", {
      headerRange: [0, 799],
      indexRange: [800, 899],
      fragments: [
        { seconds: 4, offset: 900, bytes: 5000 },
        { seconds: 0.52, offset: 5900, bytes: 700 },
      ],
    });
    const map = { uri: "a.mp4", range: [0, 799] } as const;
    const parsed = parseMedia(buildMediaPlaylist({ version: 7, targetDuration: 5, segments, map }));

    expect([parsed.version, parsed.targetDuration]).to.deep.equal([7, 5]);
    expect(parsed.segments.map(({ uri, duration, byterange }) => [uri, duration, byterange])).to.deep.equal([
      ["a.mp4", 4, { length: 5000, offset: 900 }],
      ["a.mp4", 0.52, { length: 700, offset: 5900 }],
    ]);
    expect(parsed.segments[0]?.map).to.deep.include({
      uri: "a.mp4",
      byterange: { length: 800, offset: 0 },
    });
  });

  it("have a target duration that no segment exceeds when rounded", () => {
    const list = (...seconds: readonly number[]) => seconds.map((value) => ({ uri: "a", seconds: value }));
    expect(
      [[4.2, 3.9], [4.6], [0.2], []].map((seconds) => computeTargetDuration(list(...seconds))),
    ).to.deep.equal([4, 5, 1, 1]);
  });
});

describe("bandwidth", () => {
  it("is the peak segment's rate, ignoring a last one of a few frames", () => {
    const segments = [
      { seconds: 2, bytes: 1000 },
      { seconds: 2, bytes: 3000 },
      { seconds: 0.1, bytes: 1000 },
    ];
    expect(computeBandwidth(segments)).to.deep.equal({ peak: 12_000, average: 9757 });
    expect(computeBandwidth([{ seconds: 0.2, bytes: 100 }])).to.deep.equal({ peak: 4000, average: 4000 });
    expect(computeBandwidth([])).to.deep.equal({ peak: 0, average: 0 });
  });
});

describe("multivariant playlists", () => {
  const variant: HlsVariant = {
    uri: "media_0.m3u8",
    bandwidth: { peak: 2000, average: 1000 },
    codecs: ["avc1.64001f"],
    size: { width: 640, height: 360 },
    frameRate: 30_000 / 1001,
    videoRange: "SDR",
  };
  const rendition: HlsRendition = {
    type: "AUDIO",
    groupId: "audio",
    name: "English",
    language: "en",
    isDefault: true,
    isAutoselect: true,
    channels: 2,
    uri: "media_1.m3u8",
  };

  it("state size, frame rate, range, and the bandwidth and codecs with the audio", () => {
    const audioGroup = buildAudioGroup("audio", [
      { bandwidth: { peak: 300, average: 200 }, codecs: ["mp4a.40.2"] },
      { bandwidth: { peak: 400, average: 100 }, codecs: ["mp4a.40.2"] },
    ]);
    const text = buildMultivariantPlaylist({
      version: 7,
      hasIndependentSegments: true,
      renditions: [rendition],
      variants: [{ ...variant, audioGroup }],
    });

    expect(text.split("\n")).to.deep.equal([
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      "#EXT-X-INDEPENDENT-SEGMENTS",
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="media_1.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=2400,AVERAGE-BANDWIDTH=1200,RESOLUTION=640x360,FRAME-RATE=29.970,CODECS="avc1.64001f,mp4a.40.2",VIDEO-RANGE=SDR,AUDIO="audio"',
      "media_0.m3u8",
      "",
    ]);
  });

  it("list every rendition of audio and subtitles for a parser", () => {
    const audioGroup = buildAudioGroup("audio", []);
    const { variants } = parseMultivariant(
      buildMultivariantPlaylist({
        version: 7,
        renditions: [
          rendition,
          {
            ...rendition,
            name: 'The "director"',
            isDefault: false,
            isAutoselect: false,
            characteristics: ["public.accessibility.describes-video"],
          },
          {
            ...rendition,
            type: "SUBTITLES",
            groupId: "subtitles",
            isDefault: false,
            isForced: true,
            uri: "s.m3u8",
          },
        ],
        variants: [{ ...variant, audioGroup, subtitlesGroup: { id: "subtitles" } }],
      }),
    );

    expect(
      variants[0]?.audio.map(({ name, language, isDefault, autoselect, characteristics }) => [
        ...[name, language, isDefault, autoselect, characteristics],
      ]),
    ).to.deep.equal([
      ["English", "en", true, true, undefined],
      ["The  director ", "en", false, false, "public.accessibility.describes-video"],
    ]);
    expect(variants[0]?.subtitles.map(({ uri, forced }) => [uri, forced])).to.deep.equal([["s.m3u8", true]]);
  });

  it("list audio alone without a group", () => {
    const text = buildMultivariantPlaylist({
      version: 7,
      renditions: [],
      variants: [{ uri: "media_0.m3u8", bandwidth: { peak: 10, average: 9 }, codecs: ["mp4a.40.2"] }],
    });
    expect(text).to.include(
      '#EXT-X-STREAM-INF:BANDWIDTH=10,AVERAGE-BANDWIDTH=9,CODECS="mp4a.40.2"\nmedia_0.m3u8\n',
    );
  });
});
