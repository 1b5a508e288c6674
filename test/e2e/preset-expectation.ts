import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";

/** ffprobe's name of what each container is. */
const formats: Readonly<Record<string, string>> = {
  mp4: "mov,mp4,m4a,3gp,3g2,mj2",
  fmp4: "mov,mp4,m4a,3gp,3g2,mj2",
  ts: "mpegts",
  mpg: "mpeg",
  webm: "matroska,webm",
};
const videoCodecs: Readonly<Record<string, string>> = { "H.264": "h264", mpeg2: "mpeg2video" };
const audioCodecs: Readonly<Record<string, string>> = { AAC: "aac" };

/** What becomes of 640×360 in each box that is smaller; every other leaves it as it is, or pads it to its own size. */
const shrunk: Readonly<Record<string, readonly [number, number]>> = {
  "480x360": [480, 270],
  "320x240": [320, 180],
  "480x320": [480, 270],
  "400x288": [400, 224],
  "592x332": [590, 332],
  "448x252": [448, 252],
  "368x208": [368, 206],
  "284x160": [284, 158],
  "224x128": [224, 126],
  "426x240": [426, 238],
};

/** What ffprobe is to find in a file that a preset makes of a clip of 640×360 at 25 frames a second, with stereo. */
export const buildPresetExpectation = ({ Container, Video, Audio }: Preset) => {
  const box = `${Video?.MaxWidth}x${Video?.MaxHeight}`;
  return {
    formats: formats[Container] ?? Container,
    video: Video && {
      codec: videoCodecs[Video.Codec] ?? Video.Codec,
      size:
        Video.PaddingPolicy === "Pad"
          ? [Number(Video.MaxWidth), Number(Video.MaxHeight)]
          : (shrunk[box] ?? [640, 360]),
      pixelFormat: Video.Codec === "gif" ? "bgra" : (Video.CodecOptions?.ChromaSubsampling ?? "yuv420p"),
    },
    audio: Audio && {
      codec:
        Audio.Codec === "pcm"
          ? Audio.CodecOptions?.BitDepth === "8"
            ? "pcm_u8"
            : "pcm_s16le"
          : (audioCodecs[Audio.Codec] ?? Audio.Codec),
      sampleRate: Number(Audio.SampleRate),
      channels: Audio.AudioPackingMode === "OneChannelPerTrack" ? 1 : Number(Audio.Channels),
    },
  };
};
