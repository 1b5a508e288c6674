import { expect } from "chai";
import {
  buildLadderMasterPlaylist,
  computePlaylistBandwidth,
  convertToVodPlaylist,
  mergeVideoAdaptationSets,
  parseManifestCodecs,
} from "../../../pipeline/packaging/ladder-manifests.ts";

const playlist = (...segments: readonly (readonly [seconds: number, bytes: number])[]) =>
  [
    "#EXTM3U",
    "#EXT-X-TARGETDURATION:4",
    ...segments.flatMap(([seconds, bytes]) => [
      `#EXTINF:${seconds.toFixed(6)},`,
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000+0000",
      `#EXT-X-BYTERANGE:${bytes}@0`,
      "rendition-0.mp4",
    ]),
    "#EXT-X-ENDLIST",
  ].join("\n");

describe("a playlist's bandwidth", () => {
  it("is the peak segment's, with the average over all", () => {
    expect(computePlaylistBandwidth(playlist([4, 1000], [4, 3000], [2, 500]))).to.deep.equal({
      peak: 6000,
      average: 3600,
    });
  });

  it("ignores a last segment of a few frames", () => {
    expect(computePlaylistBandwidth(playlist([4, 1000], [0.04, 1000])).peak).to.equal(2000);
  });

  it("uses a single short segment, and is 0 for an empty playlist", () => {
    expect(computePlaylistBandwidth(playlist([0, 100])).peak).to.equal(20_000);
    expect(computePlaylistBandwidth(playlist())).to.deep.equal({ peak: 0, average: 0 });
  });
});

describe("a media playlist", () => {
  it("is VOD without program date-time", () => {
    const text = convertToVodPlaylist(playlist([4, 1000]));

    expect(text).to.include("#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n");
    expect(text).not.to.include("PROGRAM-DATE-TIME");
  });
});

describe("the DASH manifest", () => {
  const manifest = [
    '<AdaptationSet id="0" contentType="video" bitstreamSwitching="true" lang="und">',
    '  <Representation id="0" codecs="avc1.64001f" width="1280"></Representation>',
    "</AdaptationSet>",
    '<AdaptationSet id="1" contentType="video" lang="und">',
    '  <Representation id="1" codecs="avc1.64001e" width="640"></Representation>',
    "</AdaptationSet>",
    '<AdaptationSet id="2" contentType="audio" lang="und">',
    '  <Representation id="2" codecs="mp4a.40.2"></Representation>',
    "</AdaptationSet>",
    "",
  ].join("\n");

  it("has renditions in one set and audio in another, without bitstream switching", () => {
    const joined = mergeVideoAdaptationSets(manifest);

    expect(joined.match(/<AdaptationSet /g)).to.have.length(2);
    expect(joined.match(/<\/AdaptationSet>/g)).to.have.length(2);
    expect(joined.indexOf('id="1" codecs')).to.be.lessThan(joined.indexOf("</AdaptationSet>"));
    expect(joined).not.to.include("bitstreamSwitching");
  });

  it("lists codecs in the order of its representations", () => {
    expect(parseManifestCodecs(manifest)).to.deep.equal(["avc1.64001f", "avc1.64001e", "mp4a.40.2"]);
  });
});

describe("the multivariant playlist", () => {
  const variant = (bytes: number) => ({ codecs: "avc1.64001f", playlist: playlist([4, bytes]) });
  const audio = { codecs: "mp4a.40.2", playlist: playlist([4, 500]) };

  it("lists each rendition with its bandwidth including audio", () => {
    const text = buildLadderMasterPlaylist([{ ...variant(1000), size: { width: 640, height: 360 } }], audio);

    expect(text.split("\n").slice(3)).to.deep.equal([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,URI="media_1.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=3000,AVERAGE-BANDWIDTH=3000,RESOLUTION=640x360,CODECS="avc1.64001f,mp4a.40.2",AUDIO="audio"',
      "media_0.m3u8",
      "",
    ]);
  });

  it("lists no audio for silent video", () => {
    const text = buildLadderMasterPlaylist([variant(1000)], undefined);

    expect(text).not.to.include("AUDIO");
    expect(text).to.include('BANDWIDTH=2000,AVERAGE-BANDWIDTH=2000,CODECS="avc1.64001f"\nmedia_0.m3u8');
  });

  it("uses audio as its only variant without video", () => {
    const text = buildLadderMasterPlaylist([], audio);

    expect(text).to.include('BANDWIDTH=1000,AVERAGE-BANDWIDTH=1000,CODECS="mp4a.40.2"\nmedia_0.m3u8');
    expect(text).not.to.include("EXT-X-MEDIA:");
    expect(buildLadderMasterPlaylist([], undefined)).not.to.include("STREAM-INF");
  });
});
