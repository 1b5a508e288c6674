import { writeFile } from "node:fs/promises";
import { h264Arguments, mpeg2Arguments } from "./codecs.ts";
import { fullScaleKinds } from "./full-scale.ts";
import { buildFlashGraph, buildGraphInput } from "./graphs.ts";
import { encodeInput, type InputKind, type MediaFacts } from "./media-input.ts";

const seconds = 4;
const flash = buildGraphInput(buildFlashGraph({ seconds }));
const tone = (frequency: number): readonly string[] =>
  buildGraphInput(`sine=${frequency}:d=${seconds}:r=48000`);
const noise = buildGraphInput(`anoisesrc=d=${seconds}:c=pink:r=48000:a=0.3:seed=7`);

/** The same noise in channels of a layout. */
const pan = (layout: string, channels: string, gain = 0.5): readonly string[] => [
  "-af",
  `pan=${layout}|${channels
    .split(" ")
    .map((channel) => `${channel}=${gain}*c0`)
    .join("|")}`,
];
const surround = "FL FR FC LFE BL BR";
const loudFacts: MediaFacts = { audioSeconds: seconds, isLoud: true };

const buildFullScale = (kind: string, sampleRate: number): readonly string[] =>
  fullScaleKinds[kind]?.(sampleRate, seconds) ?? [];

/** Loudness and true peaks, after the downmix to stereo. */
export const loudness: InputKind = {
  title: "Loudness and true peaks",
  inputs: [
    {
      name: "mono.wav",
      description: "one channel",
      create: encodeInput(noise, pan("mono", "c0")),
      facts: loudFacts,
    },
    {
      name: "stereo.flac",
      description: "two channels",
      create: encodeInput(noise, pan("stereo", "FL FR")),
      facts: loudFacts,
    },
    {
      name: "quad.flac",
      description: "four channels",
      create: encodeInput(noise, pan("quad", "FL FR BL BR")),
      facts: loudFacts,
    },
    {
      name: "surround-5.1.flac",
      description: "5.1",
      isSample: true,
      create: encodeInput(noise, pan("5.1", surround)),
      facts: loudFacts,
    },
    {
      name: "surround-7.1.flac",
      description: "7.1",
      create: encodeInput(noise, pan("7.1", `${surround} SL SR`)),
      facts: loudFacts,
    },
    {
      name: "surround-5.1.mp4",
      description: "5.1 in AAC, with video, near full scale",
      create: encodeInput(flash, noise, pan("5.1", surround, 3), h264Arguments, "-c:a", "aac"),
      facts: { ...loudFacts, videoSeconds: seconds, hasExtremePeaks: true },
    },
    {
      name: "surround-5.1.ts",
      description: "5.1 in AC-3, in MPEG-TS",
      create: encodeInput(noise, pan("5.1(side)", "FL FR FC LFE SL SR"), "-c:a", "ac3", "-b:a", "448k"),
      facts: loudFacts,
    },
    {
      name: "clipped.mov",
      description: "music clipped at full scale, with video",
      isSample: true,
      create: encodeInput(flash, buildFullScale("clipped music", 48_000), h264Arguments, "-c:a", "pcm_s16le"),
      facts: { ...loudFacts, videoSeconds: seconds, hasExtremePeaks: true },
    },
    {
      name: "between-samples.wav",
      description: "a tone of 44.1 kHz with peaks of +3 dBTP between its samples",
      create: encodeInput(buildFullScale("peaks between samples", 44_100), "-c:a", "pcm_s16le"),
      facts: { ...loudFacts, hasExtremePeaks: true },
    },
    {
      name: "two-loud-tracks.mkv",
      description: "clipped music, then pink noise at full scale; the ladder is normalized",
      create: encodeInput(
        ...[buildFullScale("clipped music", 48_000), buildFullScale("pink noise", 48_000)],
        ...["-map", "0", "-map", "1", "-c:a", "flac", "-sample_fmt", "s16"],
      ),
      facts: { ...loudFacts, isLadderNormalized: true, hasExtremePeaks: true },
    },
  ],
};

const bothTracks = ["-map", "0", "-map", "1", "-map", "2"];
const trackFacts: MediaFacts = { videoSeconds: seconds, audioSeconds: seconds };
const commentary = [
  ...["-metadata:s:a:0", "title=Commentary", "-disposition:a:0", "comment", "-disposition:a:1", "default"],
];
const languages = ["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"];
const cues = "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,500 --> 00:00:03,000\nGoodbye\n";

/** Several tracks of one kind. */
export const tracks: InputKind = {
  title: "Tracks",
  inputs: [
    {
      name: "default-track.mkv",
      description: "a commentary of 300 Hz, then the default track of 900 Hz",
      isSample: true,
      create: encodeInput(flash, tone(300), tone(900), bothTracks, h264Arguments, "-c:a", "flac", commentary),
      facts: { ...trackFacts, tones: [[900], [900]], audioRenditions: [{}, {}] },
    },
    {
      name: "default-track.mp4",
      description: "a track of 300 Hz that is disabled, then one of 900 Hz",
      create: encodeInput(
        ...[flash, tone(300), tone(900), bothTracks, h264Arguments, "-c:a", "aac"],
        ...["-ac", "2", "-disposition:a:0", "0", "-disposition:a:1", "default"],
      ),
      facts: { ...trackFacts, tones: [[900], [900]], audioRenditions: [{}, {}] },
    },
    {
      name: "two-languages.mkv",
      description: "English of 300 Hz, then German of 900 Hz",
      isSample: true,
      create: encodeInput(flash, tone(300), tone(900), bothTracks, h264Arguments, "-c:a", "flac", languages),
      facts: {
        ...trackFacts,
        tones: [[300], [300]],
        audioRenditions: [{ language: "en" }, { language: "de" }],
      },
    },
    {
      name: "mono-pair.mxf",
      description: "left of 300 Hz and right of 900 Hz as two tracks",
      isSample: true,
      create: encodeInput(flash, tone(300), tone(900), bothTracks, mpeg2Arguments, "-c:a", "pcm_s16le"),
      facts: { ...trackFacts, tones: [[300], [900]], audioRenditions: [{}] },
    },
    {
      name: "mono-pair.mov",
      description: "left of 300 Hz and right of 900 Hz as two tracks",
      create: encodeInput(flash, tone(300), tone(900), bothTracks, h264Arguments, "-c:a", "pcm_s16le"),
      // ffmpeg writes code 0 into QuickTime files without a language, which is English (QTFF, Language Code Values).
      facts: { ...trackFacts, tones: [[300], [900]], audioRenditions: [{ language: "en" }] },
    },
    {
      name: "subtitles.mkv",
      description: "English SubRip subtitles",
      isSample: true,
      async create({ programs, path, scratchPath }) {
        const subtitles = scratchPath("srt");
        await writeFile(subtitles, cues);
        await programs.ffmpeg([
          ...[...flash, ...tone(300), "-i", subtitles, ...bothTracks, ...h264Arguments, "-c:a", "flac"],
          ...["-metadata:s:s:0", "language=eng", path],
        ]);
      },
      facts: { ...trackFacts, tones: [[300], [300]], subtitleRenditions: [{ language: "en" }] },
    },
  ],
};
