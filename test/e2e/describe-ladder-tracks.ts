import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { decodeAudio } from "../media/measure/decoded-audio.ts";
import { readMultivariantPlaylist } from "../media/measure/hls.ts";
import { getMseStartSeconds, readMp4Tracks } from "../media/measure/mp4.ts";
import { listToneFrequencies } from "../media/measure/tones.ts";
import { drivePlan, type ProducedFile } from "./drive-plan.ts";
import { packagedPrograms } from "./media-programs.ts";
import { readManifest } from "./mpd.ts";
import { listProblems, type RecipeBench } from "./recipe-bench.ts";

const seconds = 4;
const subRip = `1
00:00:00,500 --> 00:00:01,500
Hello & goodbye

2
00:00:02,000 --> 00:00:03,250
two
lines
`;
const styles = "Format: Name, Fontname, Fontsize\nStyle: Default,Arial,20";
const subStation = `[Script Info]
ScriptType: v4.00+
[V4+ Styles]
${styles}
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Hallo{\\i0}\\N\\NWelt
`;

/** Video, a commentary of 300 Hz, the main audio of 900 Hz in English, and subtitles in two formats. */
const makeTracks = async (folder: string): Promise<void> => {
  const resolve = (name: string) => join(folder, name);
  await writeFile(resolve("a.srt"), subRip);
  await writeFile(resolve("b.ass"), subStation);
  const lavfi = (graph: string) => ["-f", "lavfi", "-i", graph];
  await packagedPrograms().ffmpeg([
    ...lavfi(`testsrc2=s=320x180:r=25:d=${seconds}`),
    ...[...lavfi(`sine=300:d=${seconds}:r=48000`), ...lavfi(`sine=900:d=${seconds}:r=48000`)],
    ...["-i", resolve("a.srt"), "-i", resolve("b.ass")],
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le", "-c:s", "copy"],
    ...["-metadata:s:a:0", "title=Commentary"],
    ...["-metadata:s:a:1", "language=eng", "-disposition:a:1", "default"],
    ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger", "-disposition:s:1", "forced"],
    resolve("tracks.mkv"),
  ]);
  // The same with subtitles as MP4 has them.
  const mov = [
    "-map",
    "0:v",
    "-map",
    "0:a:1",
    "-map",
    "0:s:0",
    "-c:v",
    "copy",
    "-c:a",
    "aac",
    "-c:s",
    "mov_text",
  ];
  await packagedPrograms().ffmpeg(["-i", resolve("tracks.mkv"), ...mov, resolve("tracks.mp4")]);
};

/** A cue that becomes larger than ffmpeg can encode, which ends its process. */
const damagedSubStation = `[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, Bold, Italic, Underline
Style: Default,Arial,20,-1,-1,-1
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,${"{\\r}".repeat(56_000)}
`;

/** The tracks with damaged subtitles in French between those in English and German. */
const makeDamagedTracks = async (folder: string): Promise<void> => {
  const resolve = (name: string) => join(folder, name);
  await writeFile(resolve("damaged.ass"), damagedSubStation);
  await packagedPrograms().ffmpeg([
    ...["-i", resolve("tracks.mkv"), "-i", resolve("damaged.ass"), "-c", "copy"],
    ...["-map", "0:v", "-map", "0:a"],
    ...["-map", "0:s:0", "-map", "1", "-map", "0:s:1", "-metadata:s:s:1", "language=fre"],
    resolve("damaged-tracks.mkv"),
  ]);
};

/** Audio and subtitles of a ladder. */
export const describeLadderTracks = ({ programs, folder, server }: RecipeBench): void => {
  describe("the ladder of a file with several tracks", () => {
    let outputs: readonly ProducedFile[] = [];
    const makeLadder = (clip: string, onWarning?: (text: string) => void) => {
      const recipe = recipeOptionsSchema.parse({ name: "ladder", heights: [180, 90], segmentSeconds: 1 });
      if (recipe.name !== "ladder") throw new Error("not a ladder");
      const url = server().url(clip);
      return drivePlan(programs, { recipe, url, outputKeys: ["output/a/"], folder: folder(), onWarning });
    };
    const find = (name: string, files = outputs): ProducedFile => {
      const file = files.find(({ key }) => key === `output/a/${name}`);
      if (file === undefined) throw new Error(`There is no ${name}.`);
      return file;
    };
    before(async () => {
      await makeTracks(folder());
      outputs = await makeLadder("tracks.mkv");
    });

    it("has a file and a playlist for each track", () => {
      expect(listProblems(outputs)).to.deep.equal([]);
      expect(outputs.map(({ key }) => key.slice("output/a/".length))).to.deep.equal([
        ...["rendition-0.mp4", "rendition-1.mp4", "rendition-2.mp4", "rendition-3.mp4"],
        ...["subtitles-0.vtt", "subtitles-1.vtt", "poster.jpg", "sprite.jpg", "thumbnails.vtt"],
        ...["media_0.m3u8", "media_1.m3u8", "media_2.m3u8", "media_3.m3u8"],
        ...["subtitles-0.m3u8", "subtitles-1.m3u8", "manifest.mpd", "master.m3u8"],
      ]);
    });

    it("lists audio and subtitles in HLS, the default audio first", () => {
      const { variants, renditions } = readMultivariantPlaylist(find("master.m3u8").text);

      expect(renditions).to.deep.equal([
        { type: "AUDIO", name: "English", language: "en", isDefault: true, uri: "media_2.m3u8" },
        { type: "AUDIO", name: "Commentary", isDefault: false, uri: "media_3.m3u8" },
        { type: "SUBTITLES", name: "English", language: "en", isDefault: false, uri: "subtitles-0.m3u8" },
        { type: "SUBTITLES", name: "German", language: "de", isDefault: false, uri: "subtitles-1.m3u8" },
      ]);
      expect(variants.map(({ size, frameRate }) => [size, frameRate])).to.deep.equal([
        [[320, 180], 25],
        [[160, 90], 25],
      ]);
      expect(find("master.m3u8").text).to.match(/NAME="German",.*FORCED=YES/);
    });

    it("lists them in DASH, each in a set of its own with language, label and role", () => {
      const { text } = find("manifest.mpd");

      expect(readManifest("output/a/manifest.mpd", text).video).to.have.length(2);
      expect(text.split("<AdaptationSet ").map((set) => /value="([a-z-]+)"\/>/.exec(set)?.[1])).to.deep.equal(
        [...[undefined, undefined, "main", "alternate", "subtitle", "forced-subtitle"]],
      );
      expect(text).to.match(/contentType="audio" mimeType="audio\/mp4" lang="en"[^>]*>\s*<Label>English</);
      expect(text).to.match(/contentType="text" mimeType="text\/vtt" lang="de">\s*<Label>German</);
    });

    it("plays the main audio in the first rendition and the commentary in the second", async () => {
      const measure = async (name: string) =>
        listToneFrequencies(await decodeAudio(programs, find(name).path), [300, 900]);

      expect(await measure("rendition-2.mp4")).to.deep.equal([[900], [900]]);
      expect(await measure("rendition-3.mp4")).to.deep.equal([[300], [300]]);
    });

    it("starts every track at 0 without an empty edit, with keyframes at the same times", async () => {
      const files = await Promise.all(
        [0, 1, 2, 3].map(async (index) => (await readMp4Tracks(find(`rendition-${index}.mp4`).path))[0]),
      );
      const [first, ...others] = files
        .slice(0, 2)
        .map((track) => track?.fragments.map((f) => f.decodeSeconds));

      expect(first).to.deep.equal([0, 1, 2, 3]);
      for (const starts of others) expect(starts).to.deep.equal(first);
      for (const track of files) {
        if (track === undefined) throw new Error("no track");
        expect(track.edits.filter(({ mediaSeconds }) => mediaSeconds === undefined)).to.deep.equal([]);
        expect(track.edits).to.have.length.at.most(1);
        expect(track.fragments[0]?.decodeSeconds).to.equal(0);
        expect(track.fragments.every(({ isFirstSampleSync }) => isFirstSampleSync)).to.equal(true);
        // AAC begins with 1024 samples that are not presented.
        const delay = track.handler === "soun" ? -1024 / 48_000 : 0;
        expect(getMseStartSeconds(track)).to.be.closeTo(delay, 0.001);
      }
    });

    it("converts subtitles to WebVTT at the times of the source", async () => {
      expect(find("subtitles-0.vtt").text.split("\n").slice(1)).to.deep.equal([
        ...["X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000", ""],
        ...["00:00:00.500 --> 00:00:01.500", "Hello &amp; goodbye", ""],
        ...["00:00:02.000 --> 00:00:03.250", "two", "lines", ""],
      ]);
      expect(find("subtitles-1.vtt").text).to.include(
        "\n00:00:01.000 --> 00:00:02.000\n<i>Hallo</i>\nWelt\n",
      );
      expect(find("subtitles-0.m3u8").text).to.match(/#EXTINF:4\.0\d+,\nsubtitles-0\.vtt\n/);
      const files = await makeLadder("tracks.mp4");
      expect(find("subtitles-0.vtt", files).text).to.equal(find("subtitles-0.vtt").text);
    });

    it("omits only a subtitle track that is damaged, with a warning that names it", async () => {
      await makeDamagedTracks(folder());
      const warnings: string[] = [];
      const files = await makeLadder("damaged-tracks.mkv", (text) => warnings.push(text));
      const { renditions } = readMultivariantPlaylist(find("master.m3u8", files).text);

      expect(listProblems(files)).to.deep.equal([]);
      expect(renditions.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
        ...["AUDIO English", "AUDIO Commentary", "SUBTITLES English", "SUBTITLES German"],
      ]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/^Subtitle track 4 \(French\) is not included: it could not be read\. /);
    });
  });
};
