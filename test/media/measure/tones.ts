import type { DecodedAudio } from "./decoded-audio.ts";

/** Amplitude of one frequency by Goertzel's algorithm: 1 for a sine of full scale. */
const measureAmplitude = (samples: Float32Array, cyclesPerSample: number): number => {
  const coefficient = 2 * Math.cos(2 * Math.PI * cyclesPerSample);
  let previous = 0;
  let beforePrevious = 0;
  for (const sample of samples) {
    const next = sample + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = next;
  }
  const power = previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious;
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length;
};

/**
 * Level in dBFS of each frequency in each channel, between two times: `levels[channel][frequency]`.
 *
 * @param frequencies Hz
 * @param range seconds; default: all but the first and last half second
 */
export const measureToneLevels = (
  { channels, sampleRate, startSeconds, endSeconds }: DecodedAudio,
  frequencies: readonly number[],
  range: readonly [from: number, to: number] = [startSeconds + 0.5, endSeconds - 0.5],
): readonly (readonly number[])[] =>
  channels.map((channel) => {
    const samples = channel.subarray(Math.round(range[0] * sampleRate), Math.round(range[1] * sampleRate));
    return frequencies.map(
      (frequency) => 20 * Math.log10(Math.max(1e-6, measureAmplitude(samples, frequency / sampleRate))),
    );
  });

/** Per channel, the frequencies at most 20 dB under the loudest of all channels. */
export const listToneFrequencies = (
  audio: DecodedAudio,
  frequencies: readonly number[],
): readonly (readonly number[])[] => {
  const levels = measureToneLevels(audio, frequencies);
  const loudest = Math.max(...levels.flat());
  return levels.map((channel) =>
    frequencies.filter((_, index) => (channel[index] ?? -120) > Math.max(-60, loudest - 20)),
  );
};
