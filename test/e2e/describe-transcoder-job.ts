import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as hls from "hls-parser";
import type { Preset, WatermarkParameters } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type {
  TranscodeOutput,
  TranscodeRecipe,
} from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import { buildWatermarkRole } from "../../pipeline/elastic-transcoder/transcode/watermarks.ts";
import type { FfmpegStep } from "../../pipeline/encoding/plan.ts";
import { drivePlan, type ProducedFile } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { type MediaPrograms, packagedPrograms } from "./media-programs.ts";
import { readManifest } from "./mpd.ts";
import { colorName, colorsAt } from "./pixels.ts";

const getPreset = (id: string): Preset => {
  const preset = findSystemPreset(`1351620000001-${id}`);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const output = (key: string, preset: Preset, more: Partial<TranscodeOutput> = {}): TranscodeOutput => ({
  key,
  preset,
  rotate: "auto",
  ...more,
});

const slot = (id: string, more: Partial<WatermarkParameters>): WatermarkParameters => ({
  Id: id,
  MaxWidth: "25%",
  MaxHeight: "50%",
  SizingPolicy: "Stretch",
  HorizontalAlign: "Left",
  HorizontalOffset: "0px",
  VerticalAlign: "Top",
  VerticalOffset: "0px",
  Opacity: "100",
  Target: "Content",
  ...more,
});

/** 240×240: 16:9 video with padding of 52 rows above and below it. */
const padded: Preset = {
  ...getPreset("100070"),
  Video: {
    ...getPreset("100070").Video,
    Codec: "H.264",
    MaxWidth: "240",
    MaxHeight: "240",
    SizingPolicy: "ShrinkToFit",
    PaddingPolicy: "Pad",
    Watermarks: [
      slot("content", {}),
      slot("frame", { HorizontalAlign: "Right", VerticalAlign: "Bottom", Target: "Frame" }),
    ],
  },
  Thumbnails: {
    Format: "jpg",
    Interval: "2",
    MaxWidth: "160",
    MaxHeight: "160",
    SizingPolicy: "ShrinkToFit",
    PaddingPolicy: "NoPad",
  },
};

/** A preset in small, with other options. */
const television = (id: string, options: Readonly<Record<string, string>>): Preset => {
  const { Video, ...rest } = getPreset(id);
  return {
    ...rest,
    Video: {
      ...Video,
      Codec: Video?.Codec ?? "",
      FrameRate: "25",
      MaxWidth: "320",
      MaxHeight: "180",
      CodecOptions: { ...Video?.CodecOptions, ...options },
    },
  };
};

/** Red for three seconds, then blue; a tone. */
const source = [
  ...["-f", "lavfi", "-i"],
  "color=red:s=320x180:r=25:d=3[a];color=blue:s=320x180:r=25:d=3[b];[a][b]concat",
  ...["-f", "lavfi", "-i", "sine=f=440:r=44100:d=6"],
  ..."-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 -c:a aac -ac 2".split(" "),
];

const recipe: TranscodeRecipe = {
  name: "transcode",
  outputs: [
    output("hls/low one", getPreset("200050"), { segmentSeconds: 2 }),
    output("hls/high", getPreset("200040"), { segmentSeconds: 2 }),
    output("hls/sound", getPreset("200060"), { segmentSeconds: 2 }),
    output("dash/low.mp4", getPreset("500050"), { segmentSeconds: 2 }),
    output("dash/high.mp4", getPreset("500040"), { segmentSeconds: 2 }),
    output("dash/sound.mp4", getPreset("500060"), { segmentSeconds: 2 }),
    output("marked.mp4", padded, {
      thumbnailPattern: "thumbs/{resolution}/t-{count}",
      watermarks: [
        { slot: "content", key: "green.png" },
        { slot: "frame", key: "white.jpg" },
      ],
    }),
    output("whole.mp4", getPreset("000061")),
    output("fields.mp4", television("100070", { InterlacedMode: "BottomFirst" })),
    output("colors.mp4", television("100070", { ColorSpaceConversionMode: "Bt709toBt601" })),
    output("tracks.mxf", {
      ...television("100230", { InterlacedMode: "Progressive" }),
      Audio: {
        Codec: "pcm",
        SampleRate: "auto",
        Channels: "2",
        AudioPackingMode: "OneChannelPerTrackWithMosTo8Tracks",
        CodecOptions: { BitDepth: "24" },
      },
    }),
    output("clip.mp4", getPreset("000061"), {
      clip: { startSeconds: 3.5, durationSeconds: 1.5 },
      rotate: "90",
    }),
  ],
  playlists: [
    { name: "lists/main", format: "HLSv3", outputKeys: ["hls/high", "hls/low one", "hls/sound"] },
    {
      name: "lists/main",
      format: "MPEG-DASH",
      outputKeys: ["dash/high.mp4", "dash/low.mp4", "dash/sound.mp4"],
    },
  ],
};

/** A job with many outputs from one decode, as the worker runs it, and what players find in it. */
export const describeTranscoderJob = (programs: MediaPrograms): void => {
  describe(`a transcoder job with many outputs with ${programs.build}`, function () {
    this.timeout(60_000);
    let folder = "";
    let server: FileServer | undefined;
    let outputs: readonly ProducedFile[] = [];
    const runs: FfmpegStep[] = [];
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-job-"));
      const { ffmpeg } = packagedPrograms();
      await ffmpeg([...source, join(folder, "clip.mp4")]);
      for (const [color, name] of [
        ["lime", "green.png"],
        ["white", "white.jpg"],
      ] as const)
        await ffmpeg([
          ..."-f lavfi -i".split(" "),
          `color=${color}:s=64x64`,
          "-frames:v",
          "1",
          join(folder, name),
        ]);
      server = await serveFiles(folder);
      const { url } = server;
      outputs = await drivePlan(programs, {
        recipe,
        url: url("clip.mp4"),
        outputKeys: recipe.outputs.map(({ key }) => key),
        folder,
        imageUrls: {
          [buildWatermarkRole("green.png")]: url("green.png"),
          [buildWatermarkRole("white.jpg")]: url("white.jpg"),
        },
        onRun: (step) => runs.push(step),
      });
    });
    after(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });
    const find = (key: string): ProducedFile => {
      const producedFile = outputs.find((file) => file.key === key);
      if (producedFile === undefined)
        throw new Error(`There is no ${key}: ${outputs.map((file) => file.key).join(", ")}.`);
      return producedFile;
    };
    const keys = (prefix: string): readonly string[] =>
      outputs.flatMap(({ key }) => (key.startsWith(prefix) ? [key] : [])).sort();

    it("decodes once for compatible outputs and verifies all", () => {
      expect(outputs.flatMap(({ problems }) => problems)).to.deep.equal([]);
      expect(runs.map(({ arguments: args }) => args.filter((arg) => arg === "-t").length)).to.deep.equal([
        9, 3, 1,
      ]);
    });

    it("writes MPEG-TS segments with their own names, listed in a playlist", () => {
      const { text, probe } = find("hls/low one.m3u8");
      const playlist = hls.parse(text);
      if (playlist.isMasterPlaylist || !("segments" in playlist)) throw new Error("no media playlist");

      expect(playlist.segments.map(({ uri }) => uri)).to.deep.equal(
        playlist.segments.map((_, index) => `low%20one0000${index}.ts`),
      );
      expect(keys("hls/low one0")).to.have.length(playlist.segments.length);
      expect(probe?.durationSeconds).to.be.closeTo(6, 0.1);
      expect(playlist.endlist).to.equal(true);
      for (const { duration } of playlist.segments)
        expect(Math.round(duration)).to.be.at.most(playlist.targetDuration);
    });

    it("lists the segment playlists in a relative master playlist", () => {
      const master = hls.parse(find("lists/main.m3u8").text);
      if (!master.isMasterPlaylist) throw new Error("no master playlist");

      expect(
        master.variants.map(({ uri, codecs, resolution }) => [
          uri,
          codecs,
          resolution?.width,
          resolution?.height,
        ]),
      ).to.deep.equal([
        ["../hls/high.m3u8", "avc1.42c01e,mp4a.40.2", 320, 180],
        ["../hls/low%20one.m3u8", "avc1.42c01e,mp4a.40.2", 320, 180],
        ["../hls/sound.m3u8", "mp4a.40.2", undefined, undefined],
      ]);
      for (const { bandwidth, averageBandwidth = 0 } of master.variants)
        expect(bandwidth).to.be.at.least(averageBandwidth).and.greaterThan(10_000);
    });

    it("writes an MPEG-DASH manifest whose fragments a parser finds", async () => {
      const { text } = find("lists/main.mpd");
      const manifest = readManifest("lists/main.mpd", text);

      expect(manifest.seconds).to.be.closeTo(6, 0.1);
      expect(text.match(/<AdaptationSet /g)).to.have.length(2);
      expect(text.match(/subsegmentAlignment="true"/g)).to.have.length(2);
      expect(manifest.video.map(({ path, size }) => [path, size])).to.deep.equal([
        ["dash/high.mp4", { width: 320, height: 180 }],
        ["dash/low.mp4", { width: 320, height: 180 }],
      ]);
      expect(manifest.audio.map(({ path, codecs }) => [path, codecs])).to.deep.equal([
        ["dash/sound.mp4", "mp4a.40.2"],
      ]);
      for (const { path, header, index, codecs, bandwidth } of [...manifest.video, ...manifest.audio]) {
        const bytes = await readFile(find(path).path);
        expect(codecs).to.match(/^(avc1\.4d40[0-9a-f]{2}|mp4a\.40\.2)$/);
        expect([header[0], bytes.toString("latin1", index[0] + 4, index[0] + 8)]).to.deep.equal([0, "sidx"]);
        expect(header[1] + 1).to.equal(index[0]);
        expect(bytes.toString("latin1", index[1] + 5, index[1] + 9)).to.equal("moof");
        expect(bandwidth).to.be.greaterThan(1000);
      }
    });

    it("creates thumbnails from the start, without padding and watermarks", async () => {
      const thumbnails = keys("thumbs/");

      expect(thumbnails).to.deep.equal([
        "thumbs/160x90/t-00001.jpg",
        "thumbs/160x90/t-00002.jpg",
        "thumbs/160x90/t-00003.jpg",
      ]);
      const colors = await Promise.all(
        thumbnails.map(async (key) =>
          (await colorsAt(programs, find(key).path, [[0.05, 0.05]])).map(colorName),
        ),
      );
      expect(colors.flat()).to.deep.equal(["red", "red", "blue"]);
    });

    it("places watermarks relative to the video or the frame, by their settings", async () => {
      const { path, probe } = find("marked.mp4");
      const colors = await colorsAt(programs, path, [
        [0.1, 0.1],
        [0.1, 0.4],
        [0.1, 0.6],
        [0.5, 0.5],
        [0.9, 0.45],
        [0.9, 0.9],
      ]);

      expect({ width: probe?.video?.width, height: probe?.video?.height }).to.deep.equal({
        width: 240,
        height: 240,
      });
      // Green begins where the video does, under the padding; white covers half of the frame height.
      expect(colors.map(colorName)).to.deep.equal(["black", "green", "red", "red", "red", "white"]);
    });

    it("keeps field order, colors and audio tracks as the preset declares", async () => {
      const facts = async (key: string, entries: string, stream: string) =>
        (
          await programs.ffprobe([
            ...["-select_streams", stream, "-show_entries", `stream=${entries}`],
            ...["-of", "csv=p=0", find(key).path],
          ])
        )
          .trim()
          .split(/\s*\n\s*/);

      expect(await facts("fields.mp4", "field_order", "v")).to.deep.equal(["bb"]);
      expect(await facts("whole.mp4", "field_order", "v")).to.deep.equal(["progressive"]);
      expect(await facts("colors.mp4", "color_space", "v")).to.deep.equal(["smpte170m"]);
      expect(await facts("tracks.mxf", "codec_name,channels", "a")).to.deep.equal(
        Array.from({ length: 8 }, () => "pcm_s24le,1"),
      );
    });

    it("begins a clip at its start time and rotates it", async () => {
      const { path, probe } = find("clip.mp4");

      expect(probe?.durationSeconds).to.be.closeTo(1.5, 0.1);
      expect(probe?.video?.height).to.be.greaterThan(probe?.video?.width ?? 0);
      expect((await colorsAt(programs, path, [[0.5, 0.5]])).map(colorName)).to.deep.equal(["blue"]);
      expect((await colorsAt(programs, find("whole.mp4").path, [[0.5, 0.5]])).map(colorName)).to.deep.equal([
        "red",
      ]);
    });
  });
};
