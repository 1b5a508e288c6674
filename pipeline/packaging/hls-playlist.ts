import type { Size } from "../media/geometry.ts";

/** A segment of a media playlist. */
export interface Segment {
  readonly uri: string;
  readonly seconds: number;
}

/** Parses the segments of ffmpeg's media playlist. */
export const parseSegments = (playlist: string): readonly Segment[] => {
  const segments: Segment[] = [];
  let seconds: number | undefined;
  for (const line of playlist.split(/\r?\n/)) {
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (duration !== undefined) seconds = Number(duration);
    else if (line !== "" && !line.startsWith("#") && seconds !== undefined) {
      segments.push({ uri: line, seconds });
      seconds = undefined;
    }
  }
  return segments;
};

/** Builds a media playlist for video on demand (RFC 8216, version 3: decimal durations). */
export const buildMediaPlaylist = (segments: readonly Segment[]): string =>
  [
    "#EXTM3U",
    "#EXT-X-VERSION:3",
    `#EXT-X-TARGETDURATION:${Math.max(1, ...segments.map(({ seconds }) => Math.round(seconds)))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    ...segments.flatMap(({ uri, seconds }) => [`#EXTINF:${seconds.toFixed(6)},`, uri]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");

/** Peak and average bits per second of segments or fragments. */
export const computeBandwidth = (
  pieces: readonly { readonly seconds: number; readonly bytes: number }[],
): { readonly peak: number; readonly average: number } => {
  const bits = pieces.reduce((sum, { bytes }) => sum + bytes * 8, 0);
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
  const average = Math.ceil(bits / Math.max(seconds, 0.04));
  // A last segment of a few frames is not representative.
  const rates = pieces
    .filter((piece) => piece.seconds >= 0.5)
    .map((piece) => (piece.bytes * 8) / piece.seconds);
  return { peak: Math.max(average, ...rates.map(Math.ceil)), average };
};

/** One output in a master playlist. */
export interface HlsVariant {
  readonly uri: string;
  readonly peak: number;
  readonly average: number;
  /** Display size; absent for audio only. */
  readonly size?: Size;
  readonly hasAudio: boolean;
  /** RFC 6381. */
  readonly codecs: string;
}

const quote = (text: string): string => `"${text}"`;

/**
 * Builds the multivariant playlist of outputs. An audio-only output is a variant of its own, as in the service. It is
 * also the audio of video-only outputs (EXT-X-MEDIA), which would otherwise be silent.
 */
export const buildMasterPlaylist = (variants: readonly HlsVariant[]): string => {
  const audioVariants = variants.filter(({ size }) => size === undefined);
  const hasSilentVideo = variants.some(({ size, hasAudio }) => size !== undefined && !hasAudio);
  const hasAudioGroup = hasSilentVideo && audioVariants.length > 0;
  const audioPeak = hasAudioGroup ? Math.max(...audioVariants.map(({ peak }) => peak)) : 0;
  const audioAverage = hasAudioGroup ? Math.max(...audioVariants.map(({ average }) => average)) : 0;
  return [
    "#EXTM3U",
    `#EXT-X-VERSION:${hasAudioGroup ? 4 : 3}`,
    ...(hasAudioGroup
      ? audioVariants.map(
          ({ uri }, index) =>
            `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio ${index + 1}",DEFAULT=${index === 0 ? "YES" : "NO"},AUTOSELECT=YES,URI=${quote(uri)}`,
        )
      : []),
    ...variants.flatMap((variant) => {
      const usesAudioGroup = hasAudioGroup && variant.size !== undefined && !variant.hasAudio;
      const codecs =
        usesAudioGroup && audioVariants[0] !== undefined
          ? `${variant.codecs},${audioVariants[0].codecs}`
          : variant.codecs;
      return [
        `#EXT-X-STREAM-INF:${[
          `BANDWIDTH=${variant.peak + (usesAudioGroup ? audioPeak : 0)}`,
          `AVERAGE-BANDWIDTH=${variant.average + (usesAudioGroup ? audioAverage : 0)}`,
          ...(variant.size === undefined ? [] : [`RESOLUTION=${variant.size.width}x${variant.size.height}`]),
          `CODECS=${quote(codecs)}`,
          ...(hasAudioGroup && (usesAudioGroup || variant.size === undefined) ? ['AUDIO="audio"'] : []),
        ].join(",")}`,
        variant.uri,
      ];
    }),
    "",
  ].join("\n");
};
