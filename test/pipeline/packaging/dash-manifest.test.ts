import { expect } from "chai";
import { buildDashManifest, type DashMediaFile } from "../../../pipeline/packaging/dash-manifest.ts";
import { parseFragmentIndex } from "../../../pipeline/packaging/fragment-index.ts";
import { readManifest } from "../../e2e/mpd.ts";
import { buildAudioHeader, buildFragmentedMp4, buildVideoHeader, type Entry } from "./fragmented-mp4.ts";

const parseIndex = (header: Buffer, entries: readonly Entry[]) => {
  const index = parseFragmentIndex(buildFragmentedMp4(header, entries));
  if (index === undefined) throw new Error("no index");
  return index;
};
const video = (uri: string, ...entries: readonly Entry[]): DashMediaFile => ({
  uri,
  index: parseIndex(buildVideoHeader(), entries),
  codecs: "avc1.4d401f",
  video: { width: 640, height: 360, frameRate: 29.97 },
});
const audio = (uri: string, ...entries: readonly Entry[]): DashMediaFile => ({
  uri,
  index: parseIndex(buildAudioHeader(), entries),
  codecs: "mp4a.40.2",
  audio: { sampleRate: 44_100, channels: 2 },
});

describe("MPEG-DASH manifests", () => {
  it("put video and audio into separate sets, and are as long as the longest track", () => {
    const text = buildDashManifest([
      {
        contentType: "video",
        files: [video("1.mp4", [500, 2000], [900, 2000]), video("2.mp4", [9, 2000], [9, 2000])],
      },
      { contentType: "audio", files: [audio("a&b.mp4", [100, 4000], [100, 2500])] },
    ]);
    const manifest = readManifest("lists/x.mpd", text);

    expect(manifest.seconds).to.equal(6.5);
    expect(manifest.video.map(({ path, bandwidth }) => [path, bandwidth])).to.deep.equal([
      ["lists/1.mp4", 3600],
      ["lists/2.mp4", 36],
    ]);
    expect(manifest.audio.map(({ path }) => path)).to.deep.equal(["lists/a&b.mp4"]);
    expect(text).to.include('frameRate="30000/1001"').and.include('minBufferTime="PT4.000S"');
    expect(text.match(/subsegmentAlignment="true"/g)).to.have.length(2);
  });

  it("say that the segments of a set are not aligned", () => {
    const files = [video("1.mp4", [5, 2000], [5, 2000]), video("2.mp4", [5, 3000], [5, 1000])];
    expect(buildDashManifest([{ contentType: "video", files }])).to.include('subsegmentAlignment="false"');
  });

  it("describe each track by language, label, role and purpose, in the order of the schema", () => {
    const text = buildDashManifest([
      { contentType: "video", files: [] },
      {
        contentType: "audio",
        files: [audio("1.mp4", [100, 2000])],
        language: "en",
        label: "English <audio description>",
        roles: ["alternate", "description"],
        isVideoDescription: true,
      },
      {
        contentType: "text",
        files: [{ uri: "s.vtt", bytes: 1000, durationSeconds: 10 }],
        language: "de",
        label: "Deutsch\u0000",
        roles: ["subtitle"],
      },
    ]);

    const lines = text.split("\n").map((line) => line.trim());
    const start = lines.findIndex((line) => line.startsWith("<AdaptationSet"));
    expect(lines.slice(start, start + 5)).to.deep.equal([
      '<AdaptationSet id="0" contentType="audio" mimeType="audio/mp4" lang="en" subsegmentAlignment="true" subsegmentStartsWithSAP="1">',
      "<Label>English &lt;audio description&gt;</Label>",
      '<Accessibility schemeIdUri="urn:tva:metadata:cs:AudioPurposeCS:2007" value="1"/>',
      '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="alternate"/>',
      '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="description"/>',
    ]);
    expect(lines.slice(-10, -4)).to.deep.equal([
      '<AdaptationSet id="1" contentType="text" mimeType="text/vtt" lang="de">',
      "<Label>Deutsch </Label>",
      '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>',
      '<Representation id="text-1-1" bandwidth="800">',
      "<BaseURL>s.vtt</BaseURL>",
      "</Representation>",
    ]);
    expect(text).not.to.include('contentType="video"');
    expect(readManifest("a/x.mpd", text).seconds).to.equal(10);
  });
});
