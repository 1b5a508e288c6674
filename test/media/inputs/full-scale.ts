import { buildGraphInput } from "./graphs.ts";

/** Stereo sources at full scale, as expressions of both channels or graphs of mono, for 48 kHz. */
const tone = (hertz: number, gain: number, phase: number): string =>
  [phase, phase + 0.3].map((start) => `${gain}*sin(2*PI*${hertz}*t+${start})`).join("|");
/** Square waves that swell, and bursts of noise twice a second: all of it far over full scale. */
const buildMusic = (channel: number): string => {
  const offset = 0.7 + 0.37 * channel;
  const voices = [55, 110.3, 220, 277.2, 329.6, 440.7, 880, 1318].map(
    (hertz, index) =>
      `(0.4+0.6*abs(sin(${(3 + 0.8 * index).toFixed(1)}*t+${(offset * index).toFixed(2)})))*(2*gt(sin(2*PI*${hertz}*t+${(offset * (index + 1)).toFixed(2)}),0)-1)`,
  );
  return `0.6*(${voices.join("+")})+lt(mod(t,0.5),0.05)*1.8*(random(${channel})*4-2)`;
};
const buildImpulses = (period: number): string => `eq(mod(n,${period}),0)-eq(mod(n,${period + 11}),400)`;

const buildExpression = (expression: string, sampleRate: number, seconds: number): readonly string[] =>
  buildGraphInput(`aevalsrc='${expression}':s=${sampleRate}:d=${seconds}`);

/** Kinds of audio whose peaks an encoder raises, each at full scale, as ffmpeg arguments of two channels. */
export const fullScaleKinds: Readonly<
  Record<string, (sampleRate: number, seconds: number) => readonly string[]>
> = {
  tone: (sampleRate, seconds) => buildExpression(tone(997, 1, 0), sampleRate, seconds),
  /** True peak: +3 dBTP. */
  "peaks between samples": (sampleRate, seconds) =>
    buildExpression(tone(sampleRate / 4, Math.SQRT2, Math.PI / 4), sampleRate, seconds),
  "clipped music": (sampleRate, seconds) =>
    buildExpression(`${buildMusic(0)}|${buildMusic(1)}`, sampleRate, seconds),
  "pink noise": (sampleRate, seconds) => {
    const [left, right] = [7, 8].map(
      (seed) =>
        `anoisesrc=d=${seconds}:c=pink:r=${sampleRate}:a=1:seed=${seed},aformat=channel_layouts=mono[c${seed}]`,
    );
    return buildGraphInput(`${left};${right};[c7][c8]amerge,volume=9dB`);
  },
  impulses: (sampleRate, seconds) =>
    buildExpression(`${buildImpulses(16_000)}|${buildImpulses(17_003)}`, sampleRate, seconds),
};
