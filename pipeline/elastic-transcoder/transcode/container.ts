import type { Preset } from "../presets/preset.ts";

/** A container of the API as ffmpeg makes it. */
interface Container {
  readonly muxer: string;
  readonly arguments: readonly string[];
  readonly extension: string;
  readonly contentType: string;
  /** It can hold sound without a picture. */
  readonly soundAlone: boolean;
}

const plain = (muxer: string, extension: string, contentType: string, soundAlone = true): Container => ({
  muxer,
  arguments: ["-f", muxer],
  extension,
  contentType,
  soundAlone,
});

const containers: Readonly<Record<string, Container>> = {
  mp4: { ...plain("mp4", "mp4", "video/mp4"), arguments: ["-movflags", "+faststart", "-f", "mp4"] },
  fmp4: plain("mp4", "mp4", "video/mp4"),
  ts: plain("mpegts", "ts", "video/mp2t"),
  flv: plain("flv", "flv", "video/x-flv"),
  mpg: plain("vob", "mpg", "video/mpeg", false),
  mxf: plain("mxf", "mxf", "application/mxf", false),
  webm: plain("webm", "webm", "video/webm"),
  gif: plain("gif", "gif", "image/gif", false),
  mp3: plain("mp3", "mp3", "audio/mpeg"),
  flac: plain("flac", "flac", "audio/flac"),
  wav: plain("wav", "wav", "audio/wav"),
  ogg: plain("ogg", "ogg", "audio/ogg"),
  oga: plain("ogg", "oga", "audio/ogg"),
};

/**
 * Bytes of a packet of sound in a transport stream: an eighth of a second. Only a packet's first frame has a time, so
 * who asks for the stream's length misses up to a packet of it: 0.4 s at 64 kbit/s as ffmpeg fills them.
 */
const soundPacketBytes = (kilobits: number): string =>
  String(Math.min(2930, Math.max(170, Math.round((kilobits * 1000) / 8 / 8))));

/**
 * Fragments that begin with a keyframe. A file of one track has an index of them at its beginning, by which a player
 * of MPEG-DASH finds its way (`global_sidx`; ISO/IEC 23009-1, on-demand profile); one of two tracks would need two.
 */
const fragments = (preset: Preset, segmentSeconds: number | undefined): readonly string[] => {
  const microseconds = segmentSeconds === undefined ? undefined : String(Math.round(segmentSeconds * 1e6));
  const indexed = isOneTrack(preset) ? "+dash+global_sidx" : "";
  // Keyframes of a rounded rate stand a little before the moment: a fragment must not wait for the next one.
  const shortest = segmentSeconds === undefined ? "0" : String(Math.round((segmentSeconds - 0.5) * 1e6));
  return preset.Video === undefined
    ? ["-movflags", `+delay_moov+default_base_moof${indexed}`, "-frag_duration", microseconds ?? "2000000"]
    : ["-movflags", `+frag_keyframe+delay_moov+default_base_moof${indexed}`, "-min_frag_duration", shortest];
};

/** A preset makes a picture or a sound, not both. */
export const isOneTrack = ({ Video, Audio }: Preset): boolean =>
  (Video === undefined) !== (Audio === undefined || Audio.Channels === "0");

/** The container of a preset; undefined for one that the API does not have. */
export const containerOf = (preset: Preset, segmentSeconds?: number): Container | undefined => {
  const container = containers[preset.Container];
  if (container === undefined) return undefined;
  if (preset.Container === "ts") {
    const bytes = soundPacketBytes(Number(preset.Audio?.BitRate) || 64);
    // Sound alone may be silence, of which few bytes last long: its packets end by time as well.
    const delay = preset.Video === undefined ? ["-muxdelay", "0.2"] : [];
    return { ...container, arguments: ["-pes_payload_size", bytes, ...delay, ...container.arguments] };
  }
  const made =
    preset.Container === "fmp4"
      ? { ...container, arguments: [...fragments(preset, segmentSeconds), ...container.arguments] }
      : container;
  if (preset.Video !== undefined) return made;
  return preset.Container === "mp4" || preset.Container === "fmp4"
    ? { ...made, extension: "m4a", contentType: "audio/mp4" }
    : made;
};
