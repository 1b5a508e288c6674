import { buildGraphInput } from "./graphs.ts";

/** A bass drum twice a second, a bass and chords whose harmonics decay, the higher the faster. */
const buildTones = (phase: number): string => {
  const sinceBeat = "mod(t,0.5)";
  const bassDrum = `sin(2*PI*(50*${sinceBeat}+6*(1-exp(-40*${sinceBeat}))))*exp(-14*${sinceBeat})`;
  const bass = `(0.6*sin(2*PI*55*t)+0.3*sin(2*PI*110*t+${phase})+0.15*sin(2*PI*165*t))*exp(-0.5*${sinceBeat})`;
  const chord = [220, 277.18, 329.63, 440].flatMap((hertz) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((harmonic) => {
      const start = (phase * harmonic ** 2).toFixed(1);
      const decay = (0.1 + 0.2 * harmonic).toFixed(1);
      return `${(0.2 / harmonic).toFixed(3)}*sin(2*PI*${hertz * harmonic}*t+${start})*exp(-${decay}*mod(t,1))`;
    }),
  );
  return [bassDrum, bass, ...chord].join("+");
};

/** A drum in both channels: noise that decays. @param generator index of the first one's random numbers */
const buildDrum = (level: number, decay: number, sinceHit: string, generator: number): string =>
  [generator, generator + 1]
    .map((index) => `${level}*(random(${index})*2-1)*exp(-${decay}*${sinceHit})`)
    .join("|");

/**
 * Loud music as it is mastered: drums, bass and chords, limited and a little clipped. -9.2 LUFS, true peak +0.3 dBTP.
 *
 * @returns ffmpeg arguments of a stereo input
 */
export const buildMusicInput = (sampleRate: number, seconds: number): readonly string[] => {
  const buildSource = (expression: string) => `aevalsrc='${expression}':s=${sampleRate}:d=${seconds}`;
  const clip = [0, 1].map((channel) => `clip(1.5*val(${channel}),-1,1)`).join("|");
  return buildGraphInput(
    [
      `${buildSource(`${buildTones(0.3)}|${buildTones(0.9)}`)}[tones]`,
      `${buildSource(buildDrum(1, 40, "mod(t+0.5,1)", 0))},highpass=200,lowpass=5000[snare]`,
      `${buildSource(buildDrum(0.5, 60, "mod(t,0.25)", 2))},highpass=6000,lowpass=12000[hats]`,
      [
        "[tones][snare][hats]amix=inputs=3,volume=1.3dB,alimiter=limit=0.7:level=0:attack=2:release=40",
        `aeval='${clip}:c=same',afade=d=0.05`,
      ].join(","),
    ].join(";"),
  );
};
