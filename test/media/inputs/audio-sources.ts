import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { buildBeepGraph, buildFlashGraph, buildGraphInput } from "./graphs.ts";

const noise = buildGraphInput("anoisesrc=d=4:c=pink:r=48000:a=0.3:seed=7");
const loudNoise = buildGraphInput("anoisesrc=d=4:c=pink:r=48000:a=0.9:seed=7");
const flash = buildGraphInput(buildFlashGraph({ seconds: 4 }));
const tone = (frequency: number, seconds = 4) => buildGraphInput(`sine=${frequency}:d=${seconds}:r=48000`);
const h264 = "-c:v libx264 -preset ultrafast -g 10 -pix_fmt yuv420p".split(" ");
const spread = (layout: string, channels: readonly string[], gain = 1) => [
  "-af",
  `pan=${layout}|${channels.map((channel) => `${channel}=${gain}*c0`).join("|")}`,
];
const surround = ["FL", "FR", "FC", "LFE", "BL", "BR"];
/** A tone of 1/20 of full scale in each channel of 5.1. */
const tones = buildGraphInput(
  `aevalsrc='${[300, 500, 700, 60, 900, 1100].map((hertz) => `0.05*sin(2*PI*${hertz}*t)`).join("|")}':s=48000:d=4:c=5.1`,
);
const late = [
  ...[...flash, ...buildGraphInput(buildBeepGraph(4)), "-filter_complex", "[1:a]atrim=1.5[a]"],
  ...["-map", "0:v", "-map", "[a]", ...h264],
];

/** Sources by file name, as ffmpeg arguments. */
const sources: Readonly<Record<string, readonly string[]>> = {
  "mark.png": [...buildGraphInput("color=red:s=16x16:d=1"), "-frames:v", "1"],
  "noise-mono.flac": noise,
  "noise-quiet.flac": [...noise, "-af", "volume=-30dB"],
  "noise-4.0.flac": [...noise, ...spread("4.0", ["FL", "FR", "FC", "BC"])],
  "noise-5.1.flac": [...noise, ...spread("5.1", surround, 0.5)],
  "noise-7.1.wav": [...noise, ...spread("7.1", [...surround, "SL", "SR"], 0.5)],
  "noise-unknown-10.wav": [
    ...noise,
    ...spread(
      "10C",
      Array.from({ length: 10 }, (_, index) => `c${index}`),
      0.3,
    ),
  ],
  "loud-5.1.flac": [...loudNoise, ...spread("5.1", surround)],
  "peaks.flac": buildGraphInput(
    "aevalsrc='0.1*sin(2*PI*300*t)*(0.5+0.5*sin(2*PI*3*t))+0.95*lt(mod(t,1),0.002)*(random(0)*2-1)':s=48000:d=4",
  ),
  "short.flac": tone(1000, 1),
  "tick.flac": tone(1000, 0.2),
  "silence.flac": [...buildGraphInput("anullsrc=r=44100:cl=stereo"), "-t", "2"],
  "tones-5.1.flac": tones,
  "tones-unknown-6.wav": [...tones, "-c:a", "pcm_s16le"],
  "default-track.mkv": [
    ...[...flash, ...tone(300), ...tone(900), "-map", "0", "-map", "1", "-map", "2", ...h264, "-c:a", "flac"],
    ...["-metadata:s:a:0", "title=Commentary", "-disposition:a:0", "comment", "-disposition:a:1", "default"],
  ],
  "mono-pair.mxf": [
    ...[...flash, ...tone(300), ...tone(900), "-map", "0", "-map", "1", "-map", "2"],
    ...["-c:v", "mpeg2video", "-q:v", "3", "-c:a", "pcm_s16le"],
  ],
  "mono-pair.mkv": [
    ...[...flash, ...tone(300), ...tone(900), "-map", "0", "-map", "1", "-map", "2", ...h264, "-c:a", "aac"],
  ],
  "late.mkv": [...late, "-c:a", "libopus"],
  "late.mp4": [...late, "-c:a", "aac"],
  "late.ts": [...late, "-c:a", "mp2"],
  "gap.mkv": [
    ...buildGraphInput(`${buildBeepGraph(4)},aselect='not(between(t,1.5,2.37))'`),
    ...["-c:a", "flac"],
  ],
  "tone.flv": [...buildGraphInput("sine=1000:d=4:r=44100"), "-c:a", "aac", "-b:a", "128k"],
  "tone.webm": [...tone(1000), "-c:a", "libopus", "-b:a", "128k"],
};

/** Parts of a broadcast whose audio starts 1 s late and changes from stereo to 5.1 after another second. */
const changeParts: readonly (readonly string[])[] = [
  [
    ...[...buildGraphInput("color=s=64x36:r=25:d=2"), "-itsoffset", "1", ...tone(440, 1), ...h264],
    ...["-ac", "2", "-c:a", "ac3"],
  ],
  [
    ...[...buildGraphInput("color=s=64x36:r=25:d=2"), ...tone(880, 2), ...h264, "-ac", "6", "-c:a", "ac3"],
    ...["-output_ts_offset", "2"],
  ],
];

/** Makes the sources of the audio tests in a folder. */
export const makeAudioSources = async (programs: MediaPrograms, folder: string): Promise<void> => {
  for (const [name, args] of Object.entries(sources)) await programs.ffmpeg([...args, join(folder, name)]);
  // Without the channel mask of its header (WAVEFORMATEXTENSIBLE), only the number of channels is known.
  const wave = await readFile(join(folder, "tones-unknown-6.wav"));
  wave.writeUInt32LE(0, 40);
  await writeFile(join(folder, "tones-unknown-6.wav"), wave);
  const parts: Buffer[] = [];
  for (const [index, args] of changeParts.entries()) {
    const path = join(folder, `part-${index}.ts`);
    await programs.ffmpeg([...args, path]);
    parts.push(await readFile(path));
  }
  await writeFile(join(folder, "late-change.ts"), Buffer.concat(parts));
};
