import { expect } from "chai";
import fc from "fast-check";
import * as hls from "hls-parser";
import { parsePlaylist } from "../../../../pipeline/highlights/playlist/parse-playlist.ts";
import { PlaylistError } from "../../../../pipeline/highlights/playlist/playlist-error.ts";
import { brokenPlaylists, mediaPlaylists, multivariantPlaylists } from "./random-playlists.ts";

const base = "https://cdn.example.com/live/a/index.m3u8";
const resolve = (uri: string | undefined) => (uri === undefined ? undefined : new URL(uri, base).href);
const toHex = (iv: ArrayBuffer | Uint8Array) => Buffer.from(new Uint8Array(iv)).toString("hex");

const elapsedMs = (action: () => unknown): number => {
  const start = performance.now();
  try {
    action();
  } catch (error) {
    if (!(error instanceof PlaylistError)) throw error;
  }
  return performance.now() - start;
};

describe("parsePlaylist, for any playlist", () => {
  it("agrees with hls-parser about valid media playlists", () => {
    fc.assert(
      fc.property(mediaPlaylists, (text) => {
        const theirs = hls.parse(text);
        const ours = parsePlaylist(text, base);
        if (theirs.isMasterPlaylist || !("segments" in theirs) || ours.kind !== "media")
          throw new Error("kind");
        expect({
          target: ours.targetDurationSeconds,
          sequence: ours.mediaSequence,
          isEnded: ours.isEnded,
          type: ours.playlistType,
        }).to.deep.equal({
          target: theirs.targetDuration,
          sequence: theirs.mediaSequenceBase ?? 0,
          isEnded: theirs.endlist,
          type: theirs.playlistType,
        });
        expect(
          ours.segments.map((segment) => ({
            sequence: segment.mediaSequence,
            discontinuity: segment.discontinuitySequence,
            url: segment.url,
            range: segment.byteRange,
            seconds: segment.durationSeconds,
            time: segment.programDateTime?.isExplicit ? segment.programDateTime.epochMs : undefined,
            isGap: segment.isGap,
            keyUrl: segment.key?.url,
            map: segment.initializationSection?.url,
          })),
        ).to.deep.equal(
          theirs.segments.map((segment) => ({
            sequence: segment.mediaSequenceNumber,
            discontinuity: segment.discontinuitySequence,
            url: resolve(segment.uri),
            range: segment.byterange,
            seconds: segment.duration,
            time: segment.programDateTime?.getTime(),
            isGap: segment.gap ?? false,
            keyUrl: segment.key?.method === "NONE" ? undefined : resolve(segment.key?.uri),
            map: resolve(segment.map?.uri ?? undefined),
          })),
        );
        for (const [index, { key }] of theirs.segments.entries())
          if (key?.iv !== undefined && key.method !== "NONE")
            expect(toHex(ours.segments[index]?.key?.iv ?? new Uint8Array())).to.equal(toHex(key.iv));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with hls-parser about valid multivariant playlists", () => {
    fc.assert(
      fc.property(multivariantPlaylists, (text) => {
        const theirs = hls.parse(text);
        const ours = parsePlaylist(text, base);
        if (!theirs.isMasterPlaylist || ours.kind !== "multivariant") throw new Error("kind");
        expect(
          ours.variants.map(({ url, bandwidth, averageBandwidth, width, height, frameRate, codecs }) => ({
            url,
            bandwidth,
            averageBandwidth,
            resolution: width === undefined ? undefined : { width, height },
            frameRate,
            codecs: codecs.length === 0 ? undefined : codecs.join(","),
          })),
        ).to.deep.equal(
          theirs.variants.map(({ uri, bandwidth, averageBandwidth, resolution, frameRate, codecs }) => ({
            url: resolve(uri),
            bandwidth,
            averageBandwidth,
            resolution,
            frameRate,
            codecs,
          })),
        );
        expect(ours.variants.map(({ audioGroup }) => audioGroup)).to.deep.equal(
          theirs.variants.map(({ audio }) => audio[0]?.groupId),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("returns finite, ordered values for a broken playlist, or throws PlaylistError", () => {
    let valid = 0;
    let invalid = 0;
    fc.assert(
      fc.property(brokenPlaylists, (text) => {
        try {
          const playlist = parsePlaylist(text, base);
          valid += 1;
          if (playlist.kind === "multivariant") {
            for (const { url, bandwidth } of playlist.variants) {
              expect(url).to.match(/^https?:/);
              expect(Number.isSafeInteger(bandwidth)).to.equal(true);
            }
            return;
          }
          expect(playlist.targetDurationSeconds).to.satisfy(Number.isFinite);
          for (const [index, segment] of playlist.segments.entries()) {
            expect(segment.mediaSequence).to.equal(playlist.mediaSequence + index);
            expect(segment.url).to.match(/^https?:/);
            expect(segment.durationSeconds).to.be.within(0, 86_400);
            if (segment.byteRange !== undefined) expect(segment.byteRange.length).to.be.at.least(1);
            if (segment.programDateTime !== undefined)
              expect(segment.programDateTime.epochMs).to.satisfy(Number.isFinite);
            if (segment.key !== undefined) expect(segment.key.iv).to.have.length(16);
          }
        } catch (error) {
          if (!(error instanceof PlaylistError)) throw error;
          expect(error.message).to.match(/^(?:Line \d+ of the|The) playlist[ :].+\.$/s);
          expect(error.message.length).to.be.below(600);
          invalid += 1;
        }
      }),
      { numRuns: 5000 },
    );
    expect([valid, invalid].every((count) => count > 500)).to.equal(true);
  });

  it("takes time proportional to the length, also for hostile text", () => {
    const shapes: Readonly<Record<string, (count: number) => string>> = {
      segments: (count) => "#EXTINF:1,\na\n".repeat(count / 13),
      "blank lines": (count) => "\n".repeat(count),
      "carriage returns": (count) => "\r".repeat(count),
      "spaces in a line": (count) => `#EXTINF:1,${" ".repeat(count)}x`,
      "lines of spaces": (count) => `#EXTINF:1${" ".repeat(60_000)}x\n`.repeat(count / 60_010),
      comments: (count) => "#EXT-X-UNKNOWN:A=B\n".repeat(count / 19),
      "long numbers": (count) => `#EXT-X-TARGETDURATION:${"1".repeat(count)}`,
      "long dates": (count) => `#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:00:00.${"1".repeat(count)}`,
      attributes: (count) => `#EXT-X-KEY:METHOD=NONE${',A="b"'.repeat(10_000)}\n`.repeat(count / 60_022),
      "commas and spaces": (count) => `#EXT-X-KEY:METHOD=NONE${" ,".repeat(30_000)}\n`.repeat(count / 60_022),
      quotes: (count) => `#EXT-X-KEY:${'A="'.repeat(20_000)}\n`.repeat(count / 60_012),
      variables: (count) => `#EXT-X-KEY:METHOD=NONE,A="${"{$".repeat(30_000)}"\n`.repeat(count / 60_026),
      keys: (count) => '#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\na\n'.repeat(count / 47),
      "key formats": (count) =>
        Array.from(
          { length: count / 60 },
          (_, index) => `#EXT-X-KEY:METHOD=X,URI="k",KEYFORMAT="${index}"\n`,
        ).join(""),
    };
    for (const [name, build] of Object.entries(shapes)) {
      const text = (count: number) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${build(count)}`;
      const [short, long] = [text(250_000), text(2_000_000)];
      elapsedMs(() => parsePlaylist(short, base));
      const shortMs = Math.min(...[1, 2, 3].map(() => elapsedMs(() => parsePlaylist(short, base))));
      const longMs = elapsedMs(() => parsePlaylist(long, base));
      // Eight times the text; quadratic would be 64 times the time.
      expect(longMs, `${name}: ${shortMs} ms, then ${longMs} ms`).to.be.below(24 * shortMs + 200);
    }
  }).timeout(60_000);
});
