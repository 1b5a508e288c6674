import { expect } from "chai";
import * as hls from "hls-parser";
import {
  buildMasterPlaylist,
  type MasterPlaylistEntry,
} from "../../../../pipeline/elastic-transcoder/transcode/master-playlist.ts";

const entry = (uri: string, more: Partial<MasterPlaylistEntry> = {}): MasterPlaylistEntry => ({
  uri,
  bandwidth: { peak: 2000, average: 1000 },
  hasAudio: true,
  size: { width: 640, height: 360 },
  codecs: ["avc1.42c01e", "mp4a.40.2"],
  ...more,
});
const parseMaster = (entries: readonly MasterPlaylistEntry[]) => {
  const parsed = hls.parse(buildMasterPlaylist(entries));
  if (!parsed.isMasterPlaylist) throw new Error("no master playlist");
  return parsed;
};

describe("HLSv3 master playlists", () => {
  it("list audio-only renditions without a resolution", () => {
    const { variants } = parseMaster([
      entry("a.m3u8"),
      entry("b.m3u8", { size: undefined, codecs: ["mp4a.40.2"] }),
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
      entry("a.m3u8", { hasAudio: false, codecs: ["avc1.4d401f"] }),
      entry("b.m3u8", { size: undefined, codecs: ["mp4a.40.2"], bandwidth: { peak: 100, average: 50 } }),
    ]);

    expect(
      variants.map(({ uri, bandwidth, codecs, audio }) => [uri, bandwidth, codecs, audio[0]?.uri]),
    ).to.deep.equal([
      ["a.m3u8", 2100, "avc1.4d401f,mp4a.40.2", "b.m3u8"],
      ["b.m3u8", 100, "mp4a.40.2", "b.m3u8"],
    ]);
  });
});
