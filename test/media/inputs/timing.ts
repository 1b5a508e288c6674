import { readFile, writeFile } from "node:fs/promises";
import { h264Arguments, mpeg2Arguments, vp8Arguments } from "./codecs.ts";
import { buildBeepGraph, buildFlashGraph, buildGraphInput } from "./graphs.ts";
import { encodeInput, type InputKind, type MediaFacts } from "./media-input.ts";

const flash = buildGraphInput(buildFlashGraph());
const beep = buildGraphInput(buildBeepGraph());
const bothFacts: MediaFacts = {
  videoSeconds: 6,
  audioSeconds: 6,
  flashSeconds: [1, 3],
  beepSeconds: [1, 3],
  frames: [149, 151],
  clockFromSeconds: 0,
};
const lateAudioFacts: MediaFacts = { ...bothFacts, beepSeconds: [3] };
const lateVideoFacts: MediaFacts = { ...bothFacts, clockFromSeconds: 1 };

const encodeLateAudio = (...codecs: readonly (readonly string[])[]) =>
  encodeInput(flash, beep, "-filter_complex", "[1:a]atrim=1.5[a]", "-map", "0:v", "-map", "[a]", ...codecs);
const encodeLateVideo = (...codecs: readonly (readonly string[])[]) =>
  encodeInput(flash, beep, "-filter_complex", "[0:v]trim=0.4[v]", "-map", "[v]", "-map", "1:a", ...codecs);

/** Tracks that do not start together. */
export const lateTracks: InputKind = {
  title: "Tracks that start late",
  inputs: [
    {
      name: "late-audio.mkv",
      description: "Opus audio from 1.5 s",
      isSample: true,
      create: encodeLateAudio(h264Arguments, ["-c:a", "libopus"]),
      facts: lateAudioFacts,
    },
    {
      name: "late-audio.mp4",
      description: "AAC audio from 1.5 s, by an empty edit",
      isSample: true,
      create: encodeLateAudio(h264Arguments, ["-c:a", "aac"]),
      facts: lateAudioFacts,
    },
    {
      name: "late-audio-fragmented.mp4",
      description: "AAC audio from 1.5 s, by an empty edit of a fragmented file",
      create: encodeLateAudio(h264Arguments, ["-c:a", "aac", "-movflags", "frag_keyframe+delay_moov"]),
      facts: lateAudioFacts,
    },
    {
      name: "late-audio.mov",
      description: "PCM audio from 1.5 s",
      create: encodeLateAudio(h264Arguments, ["-c:a", "pcm_s16le"]),
      facts: lateAudioFacts,
    },
    {
      name: "late-audio.ts",
      description: "MP2 audio from 1.5 s in MPEG-TS",
      create: encodeLateAudio(h264Arguments, ["-c:a", "mp2"]),
      facts: lateAudioFacts,
    },
    {
      name: "late-audio.webm",
      description: "Vorbis audio from 1.5 s in WebM",
      create: encodeLateAudio(vp8Arguments, ["-c:a", "libvorbis"]),
      facts: lateAudioFacts,
    },
    {
      name: "late-video.mkv",
      description: "video from 0.4 s",
      isSample: true,
      create: encodeLateVideo(h264Arguments, ["-c:a", "flac"]),
      facts: lateVideoFacts,
    },
    {
      name: "late-video.mp4",
      description: "video from 0.4 s, by an empty edit",
      create: encodeLateVideo(h264Arguments, ["-c:a", "aac"]),
      facts: lateVideoFacts,
    },
    {
      name: "late-video.ts",
      description: "video from 0.4 s in MPEG-TS",
      create: encodeLateVideo(h264Arguments, ["-c:a", "mp2"]),
      facts: lateVideoFacts,
    },
  ],
};

/** 30 frames a second, each at a multiple of 1/120 s. */
const gridVideo = buildGraphInput(buildFlashGraph({ rate: 120 }));
const gridFilter = "select='not(mod(n,4))+eq(mod(n,40),5)-eq(mod(n,40),8)'";
const gridFacts: MediaFacts = { ...bothFacts, frames: [175, 185] };
const sparseFilter = "select='eq(n,0)+eq(n,25)+eq(n,26)+eq(n,75)+eq(n,76)+eq(n,149)'";
const { frames: _, clockFromSeconds: __, ...sparseFacts } = bothFacts;

/** Frame rates that the container does not tell. */
export const frameRates: InputKind = {
  title: "Frame rate",
  inputs: [
    {
      name: "vfr-grid.mov",
      description: "30 frames/s with times on a grid of 120",
      isSample: true,
      create: encodeInput(
        ...[gridVideo, beep, "-vf", gridFilter, "-vsync", "vfr", "-video_track_timescale", "600"],
        ...[h264Arguments, "-c:a", "aac"],
      ),
      facts: gridFacts,
    },
    {
      name: "vfr-grid.mkv",
      description: "30 frames/s with times on a grid of 120, rounded to 1 ms",
      create: encodeInput(gridVideo, beep, "-vf", gridFilter, "-vsync", "vfr", h264Arguments, "-c:a", "flac"),
      facts: gridFacts,
    },
    {
      name: "sparse-frames.webm",
      description: "frames at 0, 1.00, 1.04, 3.00, 3.04 and 5.96 s only",
      isSample: true,
      create: encodeInput(
        ...[flash, beep, "-vf", sparseFilter, "-vsync", "vfr", vp8Arguments, "-c:a", "libopus"],
      ),
      facts: sparseFacts,
    },
    {
      name: "sparse-frames.mp4",
      description: "frames at 0, 1.00, 1.04, 3.00, 3.04 and 5.96 s only",
      create: encodeInput(flash, beep, "-vf", sparseFilter, "-vsync", "vfr", h264Arguments, "-c:a", "aac"),
      facts: sparseFacts,
    },
  ],
};

/** Multiplies the number of frames that the Xing header of an MP3 file declares. */
const exaggerateXingHeader = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  const at = [bytes.indexOf("Xing"), bytes.indexOf("Info")].find((index) => index >= 0);
  if (at === undefined) throw new Error(`${path} has no Xing header.`);
  bytes.writeUInt32BE(bytes.readUInt32BE(at + 8) * 10, at + 8);
  await writeFile(path, bytes);
};
const outlastingVideo = buildGraphInput(buildFlashGraph({ seconds: 2 }));
const outlastingFacts: MediaFacts = {
  videoSeconds: 2,
  audioSeconds: 6,
  flashSeconds: [1],
  beepSeconds: [1, 3],
  frames: [49, 51],
};

/** Lengths and clocks that a header does not tell or tells wrongly. */
export const durations: InputKind = {
  title: "Durations and clocks",
  inputs: [
    {
      name: "audio-outlasts.mkv",
      description: "2 s of video, 6 s of audio",
      isSample: true,
      create: encodeInput(outlastingVideo, beep, h264Arguments, "-c:a", "flac"),
      facts: outlastingFacts,
    },
    {
      name: "audio-outlasts.mp4",
      description: "2 s of video, 6 s of audio",
      create: encodeInput(outlastingVideo, beep, h264Arguments, "-c:a", "aac"),
      facts: outlastingFacts,
    },
    {
      name: "broken-xing.mp3",
      description: "a Xing header that declares ten times the frames",
      isSample: true,
      async create({ programs, path }) {
        await programs.ffmpeg([...beep, "-c:a", "libmp3lame", path]);
        await exaggerateXingHeader(path);
      },
      facts: { audioSeconds: 6, beepSeconds: [1, 3] },
    },
    {
      name: "starts-at-26-hours.ts",
      description: "MPEG-TS whose clock starts at 26 h",
      create: encodeInput(flash, beep, h264Arguments, "-c:a", "mp2", "-output_ts_offset", "93600"),
      facts: bothFacts,
    },
    {
      name: "clock-wraps.ts",
      description: "MPEG-TS whose 33-bit clock wraps after 2 s",
      create: encodeInput(flash, beep, h264Arguments, "-c:a", "mp2", "-output_ts_offset", "95440"),
      facts: bothFacts,
    },
  ],
};

const encodeGops = (frames: number, ...more: readonly string[]) =>
  encodeInput(
    ...[
      flash,
      beep,
      ...h264Arguments.slice(0, -1),
      String(frames),
      "-sc_threshold",
      "0",
      "-c:a",
      "mp2",
      ...more,
    ],
  );

/** Files without an index, whose keyframes are not where one seeks. */
export const seeking: InputKind = {
  title: "Seeking without an index",
  inputs: [
    {
      name: "gop-40.ts",
      description: "MPEG-TS, a keyframe every 1.6 s",
      create: encodeGops(40),
      facts: bothFacts,
    },
    {
      name: "gop-250.ts",
      description: "MPEG-TS, one keyframe",
      isSample: true,
      create: encodeGops(250),
      facts: bothFacts,
    },
    {
      name: "gop-40.mpg",
      description: "MPEG-PS, a keyframe every 1.6 s",
      create: encodeGops(40, "-f", "vob"),
      facts: bothFacts,
    },
    {
      name: "gop-250.mpg",
      description: "MPEG-PS, one keyframe",
      isSample: true,
      create: encodeGops(250, "-f", "vob"),
      facts: bothFacts,
    },
    {
      name: "gop-40-mpeg2.mpg",
      description: "MPEG-2 in MPEG-PS, a keyframe every 1.6 s",
      create: encodeInput(
        flash,
        beep,
        mpeg2Arguments,
        "-g",
        "40",
        "-sc_threshold",
        "1000000000",
        "-c:a",
        "mp2",
        "-f",
        "vob",
      ),
      facts: bothFacts,
    },
  ],
};
