import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packagedPrograms } from "../e2e/media-programs.ts";
import { buildBarsGraph, buildBeepGraph, buildFlashGraph, buildGraphInput } from "./inputs/graphs.ts";
import { findBeepSeconds } from "./measure/beeps.ts";
import { findBrightBox } from "./measure/bright-box.ts";
import { barColors, barPoints, measureColorError, readColors, readColorTags } from "./measure/colors.ts";
import { measureCombing } from "./measure/combing.ts";
import { decodeAudio } from "./measure/decoded-audio.ts";
import { findFlashSeconds, flashGrid, readClockSeconds } from "./measure/flashes.ts";
import { readMediaPlaylist, readMultivariantPlaylist } from "./measure/hls.ts";
import { measureLoudness } from "./measure/loudness.ts";
import { measureVideoSeconds, readLumaFrames } from "./measure/luma-frames.ts";
import { getMseStartSeconds, readMp4Tracks } from "./measure/mp4.ts";
import { listToneFrequencies, measureToneLevels } from "./measure/tones.ts";

/** What the measuring functions find in clips whose content is known. */
describe("media measurements", function () {
  this.timeout(60_000);
  const programs = packagedPrograms();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-measure-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const make = async (name: string, ...args: readonly string[]): Promise<string> => {
    const path = join(folder, name);
    await programs.ffmpeg([...args, path]);
    return path;
  };
  const flash = buildGraphInput(buildFlashGraph());
  const beep = buildGraphInput(buildBeepGraph());
  const h264 = "-c:v libx264 -preset ultrafast -crf 12 -pix_fmt yuv420p".split(" ");
  const expectTimes = (times: readonly number[], expected: readonly number[], tolerance: number) => {
    expect(times, times.join(" ")).to.have.length(expected.length);
    for (const [index, time] of times.entries()) expect(time).to.be.closeTo(expected[index] ?? -1, tolerance);
  };

  // ffmpeg's Matroska muxer ignores what Opus adds before the first sample: 312 samples.
  for (const [name, codec, tolerance] of [
    ["aac.mp4", "aac", 0.002],
    ["pcm.mov", "pcm_s16le", 0.001],
    ["opus.mkv", "libopus", 0.008],
    ["mp2.ts", "mp2", 0.012],
  ] as const)
    it(`finds flashes, beeps, times and lengths in ${name}`, async () => {
      const path = await make(name, ...flash, ...beep, ...h264, "-c:a", codec);
      const frames = await readLumaFrames(programs, path, { grid: flashGrid });

      expect(frames).to.have.length(150);
      expect(measureVideoSeconds(frames)).to.be.closeTo(6, 0.001);
      expectTimes(findFlashSeconds(frames), [1, 3], 0.015);
      expectTimes(findBeepSeconds(await decodeAudio(programs, path)), [1, 3], tolerance);
      for (const frame of frames) expect(readClockSeconds(frame)).to.be.closeTo(frame.seconds, 0.08);
    });

  it("places audio and video that start late", async () => {
    const path = await make(
      "late.mkv",
      ...[...flash, ...beep, "-filter_complex", "[0:v]trim=0.4[v];[1:a]atrim=1.5[a]"],
      ...["-map", "[v]", "-map", "[a]", ...h264, "-c:a", "flac"],
    );
    const frames = await readLumaFrames(programs, path, { grid: flashGrid, isAbsolute: true });
    const audio = await decodeAudio(programs, path, { isAbsolute: true });

    expectTimes(findFlashSeconds(frames), [1, 3], 0.001);
    expectTimes(findBeepSeconds(audio), [3], 0.002);
    expectTimes([frames[0]?.seconds ?? -1, audio.startSeconds], [0.4, 1.5], 0.001);
  });

  for (const [name, args, tags] of [
    [
      "709.mkv",
      ["scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-colorspace", "bt709"],
      "bt709",
    ],
    ["601.mkv", ["scale=out_color_matrix=bt601:out_range=tv,format=yuv422p10le"], "unknown"],
    ["full.mkv", ["scale=out_color_matrix=bt601:out_range=pc,format=yuvj444p"], "unknown"],
  ] as const)
    it(`reads the colors of ${name} by its tags`, async () => {
      const [filters, ...options] = args;
      const path = await make(
        name,
        ...buildGraphInput(buildBarsGraph()),
        "-vf",
        filters,
        "-c:v",
        "libx264",
        "-crf",
        "8",
        ...options,
      );
      const otherMatrix = tags === "bt709" ? "bt601" : "bt709";

      expect((await readColorTags(programs, path)).matrix).to.equal(tags);
      expect(measureColorError(await readColors(programs, path, barPoints), barColors)).to.be.below(2);
      expect(
        measureColorError(await readColors(programs, path, barPoints, { matrix: otherMatrix }), barColors),
      ).to.be.above(10);
    });

  it("reads the colors of JPEG, as full-range BT.601, and of PNG", async () => {
    const bars = buildGraphInput(buildBarsGraph());
    const jpeg = await make(
      "bars.jpg",
      ...bars,
      "-frames:v",
      "1",
      "-q:v",
      "2",
      "-vf",
      "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p",
    );
    const png = await make("bars.png", ...bars, "-frames:v", "1");

    expect(measureColorError(await readColors(programs, jpeg, barPoints), barColors)).to.be.below(2);
    expect(await readColors(programs, png, barPoints)).to.deep.equal(barColors);
  });

  it("measures combing of fields, and none of frames", async () => {
    const bar = buildGraphInput(
      "color=black:s=128x64:r=50:d=1,format=yuv420p,geq=lum='if(between(mod(X-T*180,W),0,20),235,40)':cb=128:cr=128",
    );
    const [combed, progressive] = await Promise.all([
      make("fields.mkv", ...bar, "-vf", "tinterlace=interleave_top", "-c:v", "ffv1"),
      make("frames.mkv", ...bar, "-c:v", "ffv1"),
    ]);

    expect(measureCombing(await readLumaFrames(programs, combed))).to.be.above(0.02);
    expect(measureCombing(await readLumaFrames(programs, progressive))).to.equal(0);
  });

  it("measures a white box", async () => {
    const path = await make(
      "box.mkv",
      ...buildGraphInput(
        "color=gray:s=128x64:d=0.1,format=yuv420p,drawbox=x=20:y=10:w=30:h=40:c=white:t=fill",
      ),
      ...["-c:v", "ffv1"],
    );
    const [frame] = await readLumaFrames(programs, path);

    expect(frame && findBrightBox(frame)).to.deep.equal({ left: 20, top: 10, width: 30, height: 40 });
  });

  it("tells the tones of each channel, and the loudness", async () => {
    const path = await make(
      "tones.wav",
      ...[...buildGraphInput("sine=300:d=3:r=48000"), ...buildGraphInput("sine=900:d=3:r=48000")],
      ...["-filter_complex", "[0:a][1:a]join=inputs=2:channel_layout=stereo,volume=12dB"],
    );
    const audio = await decodeAudio(programs, path);
    const loudness = await measureLoudness(programs, path);

    expect(listToneFrequencies(audio, [300, 900, 1000])).to.deep.equal([[300], [900]]);
    // The source's amplitude is 1/8.
    expect(measureToneLevels(audio, [300])[0]?.[0]).to.be.closeTo(-6.1, 0.1);
    // BS.1770: a sine of 0 dBFS in one channel is -3.01 LUFS at 1 kHz; its filter takes about 0.7 dB at 300 Hz.
    expect(loudness.integratedLufs).to.be.closeTo(-6.1 - 0.3, 0.5);
    expect(loudness.truePeakDbtp).to.be.closeTo(-6.1, 0.3);
  });

  it("reads fragments, edits and playlists of a packaged track", async () => {
    const manifest = await make(
      "manifest.mpd",
      ...[
        ...buildGraphInput("testsrc=s=64x64:d=4:r=25"),
        ...beep.slice(0, 3),
        "sine=d=4:r=48000",
        ...h264,
        "-g",
        "50",
      ],
      ...[
        "-keyint_min",
        "50",
        "-sc_threshold",
        "0",
        "-bf",
        "2",
        "-c:a",
        "aac",
        "-f",
        "dash",
        "-seg_duration",
        "2",
      ],
      ...["-single_file", "1", "-hls_playlist", "1", "-use_template", "0"],
    );
    const [video] = await readMp4Tracks(manifest.replace("manifest.mpd", "manifest-stream0.mp4"));
    const { variants, renditions } = readMultivariantPlaylist(
      await readFile(join(folder, "master.m3u8"), "utf8"),
    );
    const playlist = readMediaPlaylist(await readFile(join(folder, variants[0]?.uri ?? ""), "utf8"));

    expect(video?.handler).to.equal("vide");
    expect(
      video?.fragments.map(({ decodeSeconds, isFirstSampleSync, sampleCount }) => [
        decodeSeconds,
        isFirstSampleSync,
        sampleCount,
      ]),
    ).to.deep.equal([
      [0, true, 50],
      [2, true, 50],
    ]);
    expect(video && getMseStartSeconds(video)).to.be.closeTo(0, 0.001);
    expect(renditions).to.have.length(1);
    expect(playlist.segmentSeconds).to.deep.equal([2, 2]);
  });
});
