import { buildFragmentArguments } from "../../encoding/fragment-arguments.ts";
import type { Preset } from "../presets/preset.ts";

/** ffmpeg settings for a container of the API. */
interface Container {
  readonly muxer: string;
  readonly arguments: readonly string[];
  readonly extension: string;
  readonly contentType: string;
  /** True if it supports audio without video. */
  readonly canHoldAudioOnly: boolean;
}

const describeContainer = (
  muxer: string,
  extension: string,
  contentType: string,
  canHoldAudioOnly = true,
): Container => ({
  muxer,
  arguments: ["-f", muxer],
  extension,
  contentType,
  canHoldAudioOnly,
});

const containersByName: Readonly<Record<string, Container>> = {
  mp4: {
    ...describeContainer("mp4", "mp4", "video/mp4"),
    arguments: ["-movflags", "+faststart+write_colr", "-f", "mp4"],
  },
  fmp4: describeContainer("mp4", "mp4", "video/mp4"),
  ts: describeContainer("mpegts", "ts", "video/mp2t"),
  flv: describeContainer("flv", "flv", "video/x-flv"),
  mpg: describeContainer("vob", "mpg", "video/mpeg", false),
  mxf: describeContainer("mxf", "mxf", "application/mxf", false),
  webm: describeContainer("webm", "webm", "video/webm"),
  gif: describeContainer("gif", "gif", "image/gif", false),
  mp3: describeContainer("mp3", "mp3", "audio/mpeg"),
  flac: describeContainer("flac", "flac", "audio/flac"),
  wav: describeContainer("wav", "wav", "audio/wav"),
  ogg: describeContainer("ogg", "ogg", "audio/ogg"),
  oga: describeContainer("ogg", "oga", "audio/ogg"),
};

/**
 * Bytes of an audio packet in a transport stream: an eighth of a second. Only the first frame of a packet has a
 * timestamp, so the measured duration is short by up to one packet. With ffmpeg's default, that is 0.4 s at 64 kbit/s.
 */
const computeAudioPacketBytes = (kbps: number): string =>
  String(Math.min(2930, Math.max(170, Math.round((kbps * 1000) / 8 / 8))));

/** True if a preset has only video or only audio. */
export const isSingleTrack = ({ Video, Audio }: Preset): boolean =>
  (Video === undefined) !== (Audio === undefined || Audio.Channels === "0");

/** The container of a preset; undefined if the API does not define it. */
export const resolveContainer = (preset: Preset, segmentSeconds?: number): Container | undefined => {
  const container = containersByName[preset.Container];
  if (container === undefined) return undefined;
  if (preset.Container === "ts") {
    const bytes = computeAudioPacketBytes(Number(preset.Audio?.BitRate) || 64);
    // Silence takes few bytes per second, so without video the packets also end after a time.
    const delay = preset.Video === undefined ? ["-muxdelay", "0.2"] : [];
    return { ...container, arguments: ["-pes_payload_size", bytes, ...delay, ...container.arguments] };
  }
  const adaptedContainer =
    preset.Container === "fmp4"
      ? {
          ...container,
          arguments: [
            ...buildFragmentArguments({
              hasVideo: preset.Video !== undefined,
              segmentSeconds,
              hasIndex: isSingleTrack(preset),
              hasSignedOffsets: false,
            }),
            ...container.arguments,
          ],
        }
      : container;
  if (preset.Video !== undefined) return adaptedContainer;
  return preset.Container === "mp4" || preset.Container === "fmp4"
    ? { ...adaptedContainer, extension: "m4a", contentType: "audio/mp4" }
    : adaptedContainer;
};
