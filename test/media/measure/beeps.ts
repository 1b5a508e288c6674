import type { DecodedAudio } from "./decoded-audio.ts";

const frequency = 1000;
/** Four periods: short beside the beep, and no energy of it is lost. */
const windowSeconds = 0.004;

/** Amplitude of the tone in a window around each sample. */
const buildEnvelope = ({ sampleRate, channels }: DecodedAudio): Float64Array => {
  const length = channels[0]?.length ?? 0;
  const window = Math.round(windowSeconds * sampleRate);
  const envelope = new Float64Array(length);
  const real = new Float64Array(length + 1);
  const imaginary = new Float64Array(length + 1);
  for (let index = 0; index < length; index += 1) {
    const value = channels.reduce((sum, channel) => sum + (channel[index] ?? 0), 0) / channels.length;
    const angle = (2 * Math.PI * frequency * index) / sampleRate;
    real[index + 1] = (real[index] ?? 0) + value * Math.cos(angle);
    imaginary[index + 1] = (imaginary[index] ?? 0) + value * Math.sin(angle);
  }
  for (let index = 0; index < length; index += 1) {
    const from = Math.max(0, index - Math.floor(window / 2));
    const to = Math.min(length, from + window);
    const difference = (sums: Float64Array) => (sums[to] ?? 0) - (sums[from] ?? 0);
    envelope[index] = (2 * Math.hypot(difference(real), difference(imaginary))) / window;
  }
  return envelope;
};

/** Ranges of samples above a threshold; gaps shorter than 20 ms belong to the range. */
const findRanges = (envelope: Float64Array, threshold: number, sampleRate: number) => {
  const ranges: { start: number; end: number }[] = [];
  for (const [index, value] of envelope.entries()) {
    if (value < threshold) continue;
    const last = ranges.at(-1);
    if (last !== undefined && index - last.end < 0.02 * sampleRate) last.end = index;
    else ranges.push({ start: index, end: index });
  }
  return ranges;
};

/**
 * Onsets of the bursts of 1 kHz in decoded audio, in seconds. Accurate to 2 ms, also for lossy codecs.
 *
 * The amplitude in a window around an onset is half of the amplitude of the burst, because half of the window is silent.
 */
export const findBeepSeconds = (audio: DecodedAudio): readonly number[] => {
  const { sampleRate } = audio;
  const envelope = buildEnvelope(audio);
  const peak = envelope.reduce((highest, value) => Math.max(highest, value), 0);
  if (peak < 0.01) return [];
  return findRanges(envelope, peak * 0.2, sampleRate)
    .filter(({ start, end }) => end - start > 0.05 * sampleRate)
    .map(({ start, end }) => {
      // The first half of the burst: an automatic gain may change its second half.
      const plateau = envelope
        .subarray(start, Math.floor((start + end) / 2))
        .reduce((highest, value) => Math.max(highest, value), 0);
      const from = Math.max(0, start - Math.round(windowSeconds * sampleRate));
      return (from + envelope.subarray(from).findIndex((value) => value >= plateau / 2)) / sampleRate;
    });
};
