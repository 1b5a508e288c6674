import { expect } from "chai";
import { parsePlaylist } from "../../../../pipeline/highlights/playlist/parse-playlist.ts";
import type { MediaPlaylist } from "../../../../pipeline/highlights/playlist/playlist.ts";
import { PlaylistError } from "../../../../pipeline/highlights/playlist/playlist-error.ts";

const url = "https://cdn.example.com/live/a/index.m3u8?token=secret";
const parse = (text: string, at = url, variables?: ReadonlyMap<string, string>): MediaPlaylist => {
  const playlist = parsePlaylist(text, at, { variables });
  if (playlist.kind !== "media") throw new Error("not a media playlist");
  return playlist;
};
/** Lines of a media playlist, after its header of two lines. */
const parseBody = (...lines: readonly string[]): MediaPlaylist =>
  parse(["#EXTM3U", "#EXT-X-TARGETDURATION:4", ...lines, ""].join("\n"));
const findError = (action: () => unknown): PlaylistError => {
  try {
    action();
  } catch (error) {
    if (error instanceof PlaylistError) return error;
    throw error;
  }
  throw new Error("no error");
};
const bodyError = (...lines: readonly string[]): string => {
  try {
    parseBody(...lines);
    return "no error";
  } catch (error) {
    if (error instanceof PlaylistError) return error.message;
    throw error;
  }
};

describe("parsePlaylist: a media playlist", () => {
  it("has the segments of its window", () => {
    const playlist = parse(
      [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-MEDIA-SEQUENCE:17",
        "#EXT-X-DISCONTINUITY-SEQUENCE:2",
        "#EXT-X-PLAYLIST-TYPE:EVENT",
        "#EXTINF:4.004,a title, with a comma",
        "seg17.ts",
        "#EXT-X-DISCONTINUITY",
        "#EXTINF:3.5,",
        "../b/seg18.ts?x=1",
        "#EXT-X-GAP",
        "#EXTINF:4",
        "//other.example.com/seg19.ts",
        "#EXT-X-ENDLIST",
        "",
      ].join("\n"),
    );
    expect(playlist).to.deep.equal({
      kind: "media",
      url,
      targetDurationSeconds: 4,
      mediaSequence: 17,
      discontinuitySequence: 2,
      isEnded: true,
      playlistType: "EVENT",
      segments: [
        {
          mediaSequence: 17,
          discontinuitySequence: 2,
          isDiscontinuity: false,
          url: "https://cdn.example.com/live/a/seg17.ts",
          durationSeconds: 4.004,
          isGap: false,
        },
        {
          mediaSequence: 18,
          discontinuitySequence: 3,
          isDiscontinuity: true,
          url: "https://cdn.example.com/live/b/seg18.ts?x=1",
          durationSeconds: 3.5,
          isGap: false,
        },
        {
          mediaSequence: 19,
          discontinuitySequence: 3,
          isDiscontinuity: false,
          url: "https://other.example.com/seg19.ts",
          durationSeconds: 4,
          isGap: true,
        },
      ],
    });
  });

  it("may have a byte order mark, CR LF or CR, spaces, blank lines, comments and unknown tags", () => {
    const lines = [
      "\uFEFF#EXTM3U ",
      "",
      "# comment",
      '#EXT-X-UNKNOWN:A="',
      "#EXT-X-TARGETDURATION: 4 ",
      "  #EXTINF: 4.0 , title",
      "#EXT-X-CUE-OUT:30",
      "#comment between a tag and its URI",
      "  a.ts  ",
    ];
    for (const separator of ["\r\n", "\r", "\n", "\r\r\n"])
      expect(parse(lines.join(separator)).segments.map((segment) => segment.url)).to.deep.equal([
        "https://cdn.example.com/live/a/a.ts",
      ]);
  });

  it("may have no segment yet", () => {
    expect(parseBody("#EXT-X-MEDIA-SEQUENCE:9").segments).to.deep.equal([]);
  });

  it("ignores the tags of a segment that is not complete, parts and hints", () => {
    const playlist = parseBody(
      "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0,CAN-SKIP-UNTIL=24",
      "#EXT-X-PART-INF:PART-TARGET=0.5",
      '#EXT-X-PART:DURATION=0.5,URI="a.0.ts"',
      '#EXT-X-PART:DURATION=0.5,URI="a.1.ts",INDEPENDENT=YES',
      "#EXTINF:1,",
      "a.ts",
      "#EXT-X-DISCONTINUITY",
      '#EXT-X-PART:DURATION=0.5,URI="b.0.ts"',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="b.1.ts"',
      '#EXT-X-RENDITION-REPORT:URI="../b/index.m3u8",LAST-MSN=3,LAST-PART=1',
      "#EXTINF:1.",
    );
    expect(playlist.segments.map((segment) => segment.url)).to.deep.equal([
      "https://cdn.example.com/live/a/a.ts",
    ]);
  });

  it("counts discontinuities before its first segment, as RFC 8216 does", () => {
    const { segments } = parseBody(
      "#EXT-X-DISCONTINUITY",
      "#EXT-X-DISCONTINUITY-SEQUENCE:5",
      "#EXTINF:4,",
      "a.ts",
      "#EXT-X-DISCONTINUITY",
      "#EXT-X-DISCONTINUITY",
      "#EXTINF:4,",
      "b.ts",
    );
    expect(segments.map((segment) => [segment.discontinuitySequence, segment.isDiscontinuity])).to.deep.equal(
      [
        [6, true],
        [8, true],
      ],
    );
  });

  it("has byte ranges; one without an offset continues the previous one of the same resource", () => {
    const { segments } = parseBody(
      "#EXTINF:4,",
      "#EXT-X-BYTERANGE:100@50",
      "a.mp4",
      "#EXTINF:4,",
      "#EXT-X-BYTERANGE:20",
      "a.mp4",
      "#EXT-X-BYTERANGE:7",
      "#EXTINF:4,",
      "./a.mp4",
    );
    expect(segments.map(({ byteRange }) => byteRange)).to.deep.equal([
      { offset: 50, length: 100 },
      { offset: 150, length: 20 },
      { offset: 170, length: 7 },
    ]);
    const reason = /no offset, and the segment before is not a range of the same resource/;
    expect(bodyError("#EXTINF:4,", "#EXT-X-BYTERANGE:20", "a.mp4")).to.match(reason);
    expect(bodyError("#EXTINF:4,", "a.mp4", "#EXTINF:4,", "#EXT-X-BYTERANGE:20", "a.mp4")).to.match(reason);
    expect(
      bodyError("#EXTINF:4,", "#EXT-X-BYTERANGE:9@0", "a.mp4", "#EXTINF:4,", "#EXT-X-BYTERANGE:20", "b.mp4"),
    ).to.match(reason);
    expect(bodyError("#EXTINF:4,", "#EXT-X-BYTERANGE:0@5", "a.mp4")).to.match(/has no bytes/);
    expect(bodyError("#EXTINF:4,", "#EXT-X-BYTERANGE:5@9007199254740991", "a.mp4")).to.match(
      /ends after byte/,
    );
  });

  it("has program date-times: of tags, extrapolated after and before them, and not over discontinuities", () => {
    const { segments } = parseBody(
      "#EXTINF:4,",
      "a.ts",
      "#EXT-X-PROGRAM-DATE-TIME:2024-05-06T07:08:09.123Z",
      "#EXTINF:3.5,",
      "b.ts",
      "#EXT-X-GAP",
      "#EXTINF:4,",
      "c.ts",
      "#EXTINF:4,",
      "d.ts",
      "#EXT-X-DISCONTINUITY",
      "#EXTINF:4,",
      "e.ts",
    );
    const base = Date.UTC(2024, 4, 6, 7, 8, 9, 123);
    expect(segments.map(({ programDateTime }) => programDateTime)).to.deep.equal([
      { epochMs: base - 4000, isExplicit: false },
      { epochMs: base, isExplicit: true },
      { epochMs: base + 3500, isExplicit: false },
      { epochMs: base + 7500, isExplicit: false },
      undefined,
    ]);
  });

  it("reads the program date-times that servers write", () => {
    const read = (text: string) =>
      parseBody(`#EXT-X-PROGRAM-DATE-TIME:${text}`, "#EXTINF:4,", "a.ts").segments[0]?.programDateTime
        ?.epochMs;
    const base = Date.UTC(2024, 1, 29, 23, 30, 0);
    for (const text of [
      "2024-02-29T23:30:00Z",
      "2024-02-29T23:30:00",
      "2024-02-29 23:30:00z",
      "2024-03-01T01:00:00.000+01:30",
      "2024-03-01T00:30:00+0100",
      "2024-02-29T20:30:00,0-03",
      "2024-02-29T23:29:60Z",
    ])
      expect([text, read(text)]).to.deep.equal([text, base]);
    expect(read("2024-02-29T23:30:00.0005004Z")).to.equal(base + 0.5);
    expect(read("2024-02-29T23:30:00.285Z")).to.equal(base + 285);
    for (const text of [
      "2024-02-30T00:00:00Z",
      "2023-02-29T00:00:00Z",
      "2024-02-29",
      "yesterday",
      "2024-13-01T00:00:00Z",
    ])
      expect(() => read(text)).to.throw(
        PlaylistError,
        /^Line 3 .*EXT-X-PROGRAM-DATE-TIME is ".*", not a time/,
      );
  });

  it("has keys: the IV of the tag, else the media sequence number; NONE ends them", () => {
    const { segments } = parseBody(
      "#EXT-X-MEDIA-SEQUENCE:258",
      "#EXTINF:4,",
      "clear.ts",
      '#EXT-X-KEY:METHOD=AES-128,URI="../key?a=1,b=2",IV=0xAbCdEf',
      "#EXTINF:4,",
      "a.ts",
      '#EXT-X-KEY:METHOD=AES-128,URI="key2",KEYFORMAT="identity",KEYFORMATVERSIONS="1"',
      "#EXTINF:4,",
      "b.ts",
      "#EXT-X-KEY:METHOD=NONE",
      "#EXTINF:4,",
      "c.ts",
    );
    const iv = (...tail: number[]) => Uint8Array.from([...Array(16 - tail.length).fill(0), ...tail]);
    expect(segments.map(({ key }) => key)).to.deep.equal([
      undefined,
      { method: "AES-128", url: "https://cdn.example.com/live/key?a=1,b=2", iv: iv(0xab, 0xcd, 0xef) },
      { method: "AES-128", url: "https://cdn.example.com/live/a/key2", iv: iv(1, 4) },
      undefined,
    ]);
  });

  it("names encryption that is not supported, unless an AES-128 key is an alternative or no segment uses it", () => {
    const fairPlay =
      '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery",KEYFORMATVERSIONS="1"';
    const segment = ["#EXTINF:4,", "a.ts"];
    expect(bodyError(fairPlay, ...segment)).to.equal(
      'Line 3 of the playlist: the encryption SAMPLE-AES with key format "com.apple.streamingkeydelivery" is not supported. Use AES-128 with key format "identity", or none.',
    );
    expect(bodyError('#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"', ...segment)).to.match(
      /SAMPLE-AES with key format "identity"/,
    );
    expect(bodyError('#EXT-X-KEY:METHOD=AES-128,URI="k",KEYFORMAT="x"', ...segment)).to.match(
      /AES-128 with key format "x"/,
    );
    expect(parseBody(fairPlay, "#EXT-X-KEY:METHOD=NONE", ...segment).segments).to.have.length(1);
    expect(
      parseBody(fairPlay, '#EXT-X-KEY:METHOD=AES-128,URI="k"', ...segment).segments[0]?.key?.url,
    ).to.equal("https://cdn.example.com/live/a/k");
    expect(bodyError("#EXT-X-KEY:METHOD=AES-128", ...segment)).to.match(
      /EXT-X-KEY has no URI, which is required/,
    );
    expect(
      bodyError('#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x123456789012345678901234567890123', ...segment),
    ).to.match(/IV is .*, not 0x with up to 32/);
  });

  it("has initialization sections, with ranges and with the key before their tag", () => {
    const { segments } = parseBody(
      '#EXT-X-MAP:URI="init.mp4",BYTERANGE="700@20"',
      "#EXTINF:4,",
      "a.m4s",
      '#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x01',
      "#EXTINF:4,",
      "b.m4s",
      '#EXT-X-MAP:URI="init2.mp4",BYTERANGE="9"',
      "#EXTINF:4,",
      "c.m4s",
    );
    const iv = Uint8Array.from([...Array(15).fill(0), 1]);
    const first = { url: "https://cdn.example.com/live/a/init.mp4", byteRange: { offset: 20, length: 700 } };
    expect(segments.map(({ initializationSection }) => initializationSection)).to.deep.equal([
      first,
      first,
      {
        url: "https://cdn.example.com/live/a/init2.mp4",
        byteRange: { offset: 0, length: 9 },
        key: { method: "AES-128", url: "https://cdn.example.com/live/a/k", iv },
      },
    ]);
    expect(bodyError('#EXT-X-KEY:METHOD=AES-128,URI="k"', '#EXT-X-MAP:URI="i"', "#EXTINF:4,", "a")).to.match(
      /EXT-X-MAP is encrypted, and its EXT-X-KEY has no IV/,
    );
  });

  it("replaces variables in URIs and attributes, once", () => {
    const text = [
      "#EXTM3U",
      "#EXT-X-TARGETDURATION:4",
      '#EXT-X-DEFINE:NAME="dir",VALUE="x,y"',
      '#EXT-X-DEFINE:NAME="nested",VALUE="{$dir}/z"',
      '#EXT-X-DEFINE:NAME="literal",VALUE="{"',
      '#EXT-X-DEFINE:QUERYPARAM="token"',
      '#EXT-X-DEFINE:IMPORT="shared"',
      '#EXT-X-MAP:URI="{$nested}/init.mp4"',
      "#EXTINF:4,",
      "{$shared}/{$dir}.ts?t={$token}&x={$literal}$dir}",
    ].join("\n");
    const [segment] = parse(text, url, new Map([["shared", "s"]])).segments;
    expect([segment?.initializationSection?.url, segment?.url]).to.deep.equal([
      "https://cdn.example.com/live/a/x,y/z/init.mp4",
      "https://cdn.example.com/live/a/s/x,y.ts?t=secret&x={$dir}",
    ]);
    expect(findError(() => parse(text)).message).to.match(/^Line 7 .*does not define the variable "shared"/);
    expect(bodyError("#EXTINF:4,", "{$x}.ts")).to.match(/the variable "x" is not defined/);
    expect(bodyError('#EXT-X-DEFINE:QUERYPARAM="q"')).to.match(/no query parameter "q"/);
    const define = '#EXT-X-DEFINE:NAME="a",VALUE="1"';
    expect(bodyError(define, define)).to.match(/"a" is defined twice/);
    expect(bodyError('#EXT-X-DEFINE:NAME="a"')).to.match(/a NAME and no VALUE/);
  });

  it("rejects what has two meanings or none, with line and reason", () => {
    const segment = ["#EXTINF:4,", "a.ts"];
    expect(bodyError("a.ts")).to.equal('Line 3 of the playlist: the segment "a.ts" has no EXTINF.');
    expect(bodyError("#EXTINF:-1,", "a.ts")).to.match(/^Line 3 .*EXTINF is "-1", not a decimal number/);
    expect(bodyError("#EXTINF:1e3,", "a.ts")).to.match(/EXTINF is "1e3"/);
    expect(bodyError("#EXTINF:86401,", "a.ts")).to.match(/the segment has 86401 s; the limit is 86400 s/);
    expect(bodyError(...segment, "#EXT-X-MEDIA-SEQUENCE:7")).to.match(/^Line 5 .*follows a segment/);
    expect(bodyError("#EXT-X-MEDIA-SEQUENCE:7", "#EXT-X-MEDIA-SEQUENCE:8")).to.match(
      /second value, 8 after 7/,
    );
    expect(bodyError("#EXT-X-MEDIA-SEQUENCE:9007199254740992")).to.match(/not a whole number up to/);
    expect(bodyError("#EXT-X-MEDIA-SEQUENCE:9007199254740991", ...segment, ...segment)).to.match(
      /media sequence number exceeds/,
    );
    expect(bodyError("#EXT-X-SKIP:SKIPPED-SEGMENTS=3")).to.match(
      /delta update\. Request .* without _HLS_skip/,
    );
    expect(bodyError("#EXT-X-I-FRAMES-ONLY")).to.match(/I-frames only/);
    expect(bodyError("#EXTINF:4,", "http://[x]/a.ts")).to.match(/not a valid URL/);
    expect(bodyError("#EXTINF:4,", "file:///etc/passwd")).to.match(/has the scheme "file:"/);
    expect(bodyError('#EXT-X-KEY:METHOD=AES-128,URI="k')).to.match(/no closing quote after URI/);
    expect(bodyError('#EXT-X-KEY:METHOD=AES-128,URI="k"x')).to.match(/"x" after the closing quote of URI/);
    expect(bodyError("#EXT-X-KEY:METHOD")).to.match(/attribute without a value: "METHOD"/);
    expect(bodyError("#EXT-X-KEY:METHOD=NONE,METHOD=AES-128")).to.match(/METHOD twice/);
    expect(bodyError('#EXT-X-KEY:=NONE,METHOD="AES-128"')).to.match(/the name "", which is not valid/);
    expect(bodyError("#EXT-X-STREAM-INF:BANDWIDTH=1", "a")).to.match(
      /EXT-X-STREAM-INF contradicts EXT-X-TARGETDURATION of line 2/,
    );
    expect(findError(() => parse("#EXTM3U\n#EXTINF:4,\na.ts\n")).message).to.equal(
      "The playlist has no EXT-X-TARGETDURATION, which is required.",
    );
    expect(findError(() => parse("#EXTM3U\na.ts\n")).message).to.match(/neither a media playlist nor/);
    expect(findError(() => parse("")).message).to.equal("The playlist is empty.");
    expect(findError(() => parse("<html>Not found</html>")).message).to.equal(
      'The playlist is not an HLS playlist: it begins with "<html>Not found</html>", not #EXTM3U.',
    );
    expect(findError(() => parse("#EXTM3U8\n")).message).to.match(/not an HLS playlist/);
  });

  it("shows at most 80 characters of the playlist in a message, and no query", () => {
    expect(bodyError(`${"x".repeat(200)}?token=secret`)).to.equal(
      `Line 3 of the playlist: the segment "${"x".repeat(80)}…" has no EXTINF.`,
    );
    expect(bodyError("a.ts?token=secret")).to.include('"a.ts…"');
  });

  it("rejects sizes above the limits", () => {
    const many = "#EXTINF:1,\na\n".repeat(100_001);
    expect(bodyError(many)).to.match(/more than 100000 segments/);
    expect(bodyError("#EXTINF:1,", `a${"b".repeat(8192)}`)).to.match(
      /the URL has \d+ characters; the limit is 8192/,
    );
    expect(bodyError(`#EXTINF:1,${"b".repeat(65_536)}`, "a")).to.match(
      /has 65546 characters; the limit is 65536/,
    );
    expect(bodyError(`#${"b".repeat(17_000_000)}`)).to.match(/limit is 16777216/);
    expect(bodyError(`#${"b".repeat(70_000)}`, "#EXTINF:1,", "a")).to.equal("no error");
  });

  it("limits what variables expand to", () => {
    const value = "v".repeat(4000);
    const define = `#EXT-X-DEFINE:NAME="v",VALUE="${value}"`;
    expect(bodyError(define, "#EXTINF:1,", "{$v}".repeat(20))).to.match(/too long after the replacement/);
    expect(bodyError(define, "#EXTINF:1,\n{$v}\n".repeat(5000))).to.match(/too long after the replacement/);
    expect(bodyError("#EXTINF:1,\na\n".repeat(20_000), "#EXTINF:1,", "a")).to.equal("no error");
  });

  it("limits the total of its URLs", () => {
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${"#EXTINF:1,\na\n".repeat(20_000)}`;
    const long = `https://cdn.example.com/${"x".repeat(8000)}/i.m3u8`;
    expect(findError(() => parse(text, long)).message).to.match(
      /URLs of the playlist have more than 67108864/,
    );
  });
});
