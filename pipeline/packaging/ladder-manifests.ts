import type { Size } from "../media/geometry.ts";

/** Peak and average bits per second of a media playlist with byte ranges. */
export const computePlaylistBandwidth = (
  playlist: string,
): { readonly peak: number; readonly average: number } => {
  let seconds = 0;
  let totalSeconds = 0;
  let bits = 0;
  let peak = 0;
  for (const line of playlist.split("\n")) {
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    const range = /^#EXT-X-BYTERANGE:(\d+)/.exec(line)?.[1];
    if (duration !== undefined) seconds = Number(duration);
    if (range === undefined) continue;
    totalSeconds += seconds;
    bits += Number(range) * 8;
    // A last segment of a few frames is not representative.
    if (seconds >= 0.5 || peak === 0) peak = Math.max(peak, (Number(range) * 8) / Math.max(seconds, 0.04));
  }
  return { peak: Math.ceil(peak), average: Math.ceil(totalSeconds > 0 ? bits / totalSeconds : 0) };
};

/** Converts a media playlist to video on demand, without the program date-time that some builds of ffmpeg add. */
export const convertToVodPlaylist = (playlist: string): string =>
  playlist
    .split("\n")
    .filter((line) => !line.startsWith("#EXT-X-PROGRAM-DATE-TIME"))
    .flatMap((line) =>
      line.startsWith("#EXT-X-TARGETDURATION") ? [line, "#EXT-X-PLAYLIST-TYPE:VOD"] : [line],
    )
    .join("\n");

/** Parses the codecs of each representation of a DASH manifest, in order (RFC 6381). */
export const parseManifestCodecs = (manifest: string): readonly string[] =>
  [...manifest.matchAll(/<Representation [^>]*codecs="([^"]+)"/g)].map((match) => match[1] ?? "");

/**
 * Merges the renditions of a DASH manifest into one adaptation set, so that a player can switch between them
 * (ISO/IEC 23009-1, 5.3.3). Each has its own initialization segment, so bitstreamSwitching is removed.
 */
export const mergeVideoAdaptationSets = (manifest: string): string =>
  manifest
    .replace(/(<AdaptationSet [^>]*?) bitstreamSwitching="true"/g, "$1")
    .replace(/[ \t]*<\/AdaptationSet>\s*<AdaptationSet [^>]*contentType="video"[^>]*>[ \t]*\n/g, "");

interface Variant {
  readonly size?: Size;
  readonly codecs: string;
  readonly playlist: string;
}

/**
 * Builds the HLS multivariant playlist (RFC 8216), with audio as a rendition of its own. ffmpeg's own has a wrong BANDWIDTH
 * if the encoder has no fixed bit rate, so it is computed from the segments.
 */
export const buildLadderMasterPlaylist = (
  variants: readonly Variant[],
  audio: Variant | undefined,
): string => {
  const audioBandwidth =
    audio === undefined ? { peak: 0, average: 0 } : computePlaylistBandwidth(audio.playlist);
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];
  if (audio !== undefined && variants.length > 0)
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,URI="media_${variants.length}.m3u8"`,
    );
  const entries = variants.length > 0 ? variants : audio === undefined ? [] : [audio];
  for (const [index, variant] of entries.entries()) {
    const variantBandwidth = computePlaylistBandwidth(variant.playlist);
    const extraBandwidth = variant === audio ? { peak: 0, average: 0 } : audioBandwidth;
    const codecs =
      variant === audio || audio === undefined ? variant.codecs : `${variant.codecs},${audio.codecs}`;
    lines.push(
      `#EXT-X-STREAM-INF:${[
        `BANDWIDTH=${variantBandwidth.peak + extraBandwidth.peak}`,
        `AVERAGE-BANDWIDTH=${variantBandwidth.average + extraBandwidth.average}`,
        ...(variant.size === undefined ? [] : [`RESOLUTION=${variant.size.width}x${variant.size.height}`]),
        `CODECS="${codecs}"`,
        ...(audio === undefined || variant === audio ? [] : ['AUDIO="audio"']),
      ].join(",")}`,
      `media_${index}.m3u8`,
    );
  }
  return `${lines.join("\n")}\n`;
};
