import { expect } from "chai";
import type { RecipeBench } from "./recipe-bench.ts";

const seconds: Readonly<Record<string, number>> = {
  "tone.wav": 3,
  "silence.wav": 2,
  "sound.mka": 3,
  "covered.mp3": 3,
  "covered.m4a": 3,
  "plain.mp4": 3,
  "long-sound.mkv": 4,
  "live.webm": 3,
  "quiet-start.aac": 6,
};

/** One of each: silence, a cover, audio longer than its video, and a quiet beginning. */
const samples: ReadonlySet<string> = new Set([
  "silence.wav",
  "covered.mp3",
  "long-sound.mkv",
  "quiet-start.aac",
]);

/** Audio: normalized, complete, without the cover. */
export const describeAudio = ({ programs, makeOne }: RecipeBench, isComplete: boolean): void => {
  const clips = Object.entries(seconds).filter(([clip]) => isComplete || samples.has(clip));
  for (const [clip, length] of clips)
    it(`normalizes the audio of ${clip}`, async () => {
      const { probe } = await makeOne({ name: "audio" }, clip);

      expect({
        codec: probe?.audio?.codec,
        sampleRate: probe?.audio?.sampleRate,
        channels: probe?.audio?.channels,
      }).to.deep.equal({ codec: "aac", sampleRate: 48000, channels: 2 });
      expect(probe?.video).to.equal(undefined);
      expect(probe?.durationSeconds).to.be.closeTo(length, 0.15);
    });

  it("reaches the target loudness", async () => {
    const output = await makeOne({ name: "audio", loudnessLufs: -23 }, "tone.wav");
    const log = await programs.ffmpeg(["-i", output.path, "-af", "ebur128", "-f", "null", "-"]);
    const loudness = Number(/Summary:[\s\S]*?I:\s+(-?[\d.]+) LUFS/.exec(log)?.[1]);

    expect(loudness).to.be.within(-24, -22);
  });
};
