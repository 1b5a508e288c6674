import { expect } from "chai";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { complexSeconds, createPresetBench, longComplexSeconds } from "./describe-presets.ts";
import { debianPrograms } from "./media-programs.ts";
import { readStreamFacts, type StreamFacts } from "./stream-facts.ts";

const sourceRate = 30;
const profiles: Readonly<Record<string, string>> = {
  baseline: "Constrained Baseline",
  main: "Main",
  high: "High",
};

const checkH264 = (preset: Preset, facts: StreamFacts): void => {
  const options = preset.Video?.CodecOptions ?? {};
  expect(facts.profile, "profile").to.equal(profiles[options.Profile ?? ""]);
  expect(facts.level, "level").to.equal(Math.round(Number(options.Level) * 10));
};

const checkGop = ({ Video }: Preset, { gops, frames }: StreamFacts): void => {
  const longest = Number(Video?.KeyframesMaxDist);
  if (gops.length === 0) {
    expect(frames, "frames without a second keyframe").to.be.at.most(longest);
    return;
  }
  // The last one may lose a frame to the conversion of the rate.
  if (Video?.FixedGOP === "true")
    expect(
      gops.map((gop, index) => (index === gops.length - 1 && gop === longest - 1 ? longest : gop)),
      "fixed GOP",
    ).to.deep.equal(gops.map(() => longest));
  else expect(Math.max(...gops), "longest GOP").to.be.at.most(longest);
};

const checkVideo = (preset: Preset, facts: StreamFacts): void => {
  const { Video } = preset;
  if (Video === undefined) return;
  const rate = Video.FrameRate === "auto" ? sourceRate : Number(Video.FrameRate);
  expect(facts.frameRate, "frame rate").to.be.closeTo(rate, Video.Codec === "gif" ? 2 : 0.01);
  if (Video.Codec === "H.264") checkH264(preset, facts);
  if (Video.Codec === "gif") return;
  checkGop(preset, facts);
  const interlaced = Video.CodecOptions?.InterlacedMode === "TopFirst";
  if (interlaced) expect(facts.fieldOrder, "field order").to.match(/^t/);
  const target = Number(Video.BitRate);
  expect(facts.videoKbps, "bit rate").to.be.within(target * 0.85, target * 1.15);
};

const checkAudio = ({ Audio, Video }: Preset, facts: StreamFacts): void => {
  // Encoders of constant rate; AAC and Vorbis spend what they need.
  if (Video !== undefined || Audio?.Codec !== "mp3") return;
  expect(facts.audioKbps, "bit rate of sound").to.be.within(
    Number(Audio.BitRate) * 0.95,
    Number(Audio.BitRate) * 1.05,
  );
};

const chooseClip = ({ Video }: Preset): { readonly clip: string; readonly seconds: number } => {
  // Of a GIF only the frame rate is checked, and complex video takes its encoder half a minute.
  if (Video?.Codec === "gif") return { clip: "clip.mp4", seconds: complexSeconds };
  const bufferSeconds = Number(Video?.CodecOptions?.BufferSize ?? 0) / Number(Video?.BitRate);
  if (Video?.CodecOptions?.MaxBitRate === Video?.BitRate && bufferSeconds > 2 * complexSeconds)
    return { clip: "long-complex.mp4", seconds: longComplexSeconds };
  return { clip: "complex.mp4", seconds: complexSeconds };
};

describe("streams of the system presets for a clip of maximum complexity", function () {
  this.timeout(240_000);
  // The build of the image; the packaged one is held to codecs, sizes and rates by the other suites.
  const programs = debianPrograms();
  const { transcode } = createPresetBench(programs, true);
  for (const preset of systemPresets)
    it(`${preset.Id} (${preset.Name}) has the declared profile, level, rate, GOP and bit rate`, async () => {
      const { clip, seconds } = chooseClip(preset);
      const { path } = await transcode(preset, clip);
      const facts = await readStreamFacts(programs, path, seconds);
      checkVideo(preset, facts);
      checkAudio(preset, facts);
    });
});
