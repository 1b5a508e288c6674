import { join } from "node:path";
import { expect } from "chai";
import * as hls from "hls-parser";
import { scoreFrame } from "../../pipeline/media/frame-score.ts";
import type { ProducedFile } from "./drive-plan.ts";
import { listProblems, type RecipeBench } from "./recipe-bench.ts";

/** What the ladder writes, and whether a player plays all of it. */
export const describeLadder = ({ programs, make, folder }: RecipeBench): void => {
  describe("the ladder of a large clip", () => {
    let outputs: readonly ProducedFile[] = [];
    before(async () => {
      outputs = await make({ name: "ladder", segmentSeconds: 1, spriteIntervalSeconds: 1 }, "large.mkv");
    });
    const findOutput = (key: string): ProducedFile => {
      const output = outputs.find((output) => output.key === `output/a/${key}`);
      if (output === undefined) throw new Error(`There is no ${key}.`);
      return output;
    };

    it("has renditions that fit, with aligned segments", () => {
      expect(listProblems(outputs)).to.deep.equal([]);
      expect(
        outputs.flatMap(({ probe, key }) => (/rendition-[012]/.test(key) ? [probe?.video?.codedHeight] : [])),
      ).to.deep.equal([720, 480, 360]);
      const durations = [0, 1, 2].map((index) =>
        [...findOutput(`media_${index}.m3u8`).text.matchAll(/#EXTINF:([\d.]+)/g)].map((match) => match[1]),
      );
      expect(durations[0]).to.have.length.greaterThan(3);
      expect(durations[1]).to.deep.equal(durations[0]);
      expect(durations[2]).to.deep.equal(durations[0]);
    });

    it("has playlists that a parser reads and a player plays to the end", async () => {
      const master = findOutput("master.m3u8");
      const parsed = hls.parse(master.text);
      if (!parsed.isMasterPlaylist) throw new Error("no multivariant playlist");

      expect(parsed.variants.map(({ uri }) => uri)).to.deep.equal([
        "media_0.m3u8",
        "media_1.m3u8",
        "media_2.m3u8",
      ]);
      expect(
        parsed.variants.map(({ codecs }) => /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/.test(codecs ?? "")),
      ).to.deep.equal([true, true, true]);
      const packets = await programs.ffprobe([
        ...["-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets"],
        ...["-of", "csv=p=0", master.path],
      ]);
      expect(Number.parseInt(packets, 10)).to.be.within(120, 121);
    });

    it("groups renditions in one DASH adaptation set and audio in another", () => {
      const { text } = findOutput("manifest.mpd");

      const sets = text.split("<AdaptationSet").slice(1);
      expect(sets.map((set) => set.split("<Representation ").length - 1)).to.deep.equal([3, 1]);
      expect(text.split("</AdaptationSet>")).to.have.length(3);
      expect(text).not.to.include("/tmp");
    });

    it("has a sprite sheet with one image a second, and cues that reference it", () => {
      const sheet = findOutput("sprite.jpg").probe?.video;

      expect({ codedWidth: sheet?.codedWidth, codedHeight: sheet?.codedHeight }).to.deep.equal({
        codedWidth: 160 * 5,
        codedHeight: 90,
      });
      expect(findOutput("thumbnails.vtt").text).to.include("sprite.jpg#xywh=640,0,160,90");
    });
  });

  it("publishes manifests last and every key under the folder", async () => {
    const outputs = await make({ name: "ladder" }, "plain.mp4");

    expect(outputs.every(({ key }) => key.startsWith("output/a/"))).to.equal(true);
    expect(
      outputs.filter(({ manifest }) => manifest).map(({ key }) => key.slice("output/a/".length)),
    ).to.deep.equal([...["thumbnails.vtt", "media_0.m3u8", "media_1.m3u8", "manifest.mpd", "master.m3u8"]]);
  });

  it("has a poster that is neither black nor blurred", async () => {
    const name = "dark-start.mkv";
    const graph = [
      "testsrc2=s=320x180:r=25:d=6",
      "boxblur=luma_radius=12:luma_power=3:enable='lt(t,3.5)'",
      "fade=in:st=1.5:d=1",
    ].join(",");
    await programs.ffmpeg([
      ...["-f", "lavfi", "-i", graph, "-c:v", "libx264", "-preset", "ultrafast", join(folder(), name)],
    ]);
    const outputs = await make({ name: "ladder" }, name);
    const score = async (path: string, ...seek: readonly string[]) => {
      const filters = ["-vf", "scale=320:180,format=gray", "-f", "rawvideo", "-"];
      return scoreFrame(
        await programs.ffmpegOutput([...seek, "-i", path, "-frames:v", "1", ...filters]),
        320,
      );
    };

    expect(listProblems(outputs)).to.deep.equal([]);
    const poster = await score(outputs.find(({ key }) => key.endsWith("poster.jpg"))?.path ?? "");
    const sharp = await score(join(folder(), name), "-ss", "5");
    const soft = await score(join(folder(), name), "-ss", "3");
    expect(poster.brightness).to.be.closeTo(sharp.brightness, 20);
    expect(poster.sharpness).to.be.greaterThan(sharp.sharpness / 2);
    expect(soft.sharpness, "sharpness of the blurred part").to.be.lessThan(sharp.sharpness / 10);
  });

  it("covers a whole recording without a declared duration", async () => {
    const outputs = await make({ name: "ladder", spriteIntervalSeconds: 1 }, "live.webm");
    const cues = outputs.find(({ key }) => key.endsWith(".vtt"))?.text ?? "";

    expect(listProblems(outputs)).to.deep.equal([]);
    expect(cues.match(/-->/g)).to.have.length(3);
    expect(cues).to.match(/00:00:02\.000 --> 00:00:0[23]\.\d+/);
  });

  for (const clip of ["sound.mka", "covered.mp3", "covered.m4a"])
    it(`creates an audio ladder of ${clip}: cover art is not video`, async () => {
      const outputs = await make({ name: "ladder" }, clip);

      expect(listProblems(outputs)).to.deep.equal([]);
      expect(outputs.map(({ key }) => key.slice("output/a/".length))).to.deep.equal([
        ...["rendition-0.mp4", "media_0.m3u8", "manifest.mpd", "master.m3u8"],
      ]);
    });
};
