import type { Size } from "../media/geometry.ts";
import type { Bandwidth } from "./bandwidth.ts";

/** An alternative rendition of audio or subtitles (RFC 8216, 4.3.4.1). */
export interface HlsRendition {
  readonly type: "AUDIO" | "SUBTITLES";
  readonly groupId: string;
  /** Unique in its group. */
  readonly name: string;
  /** BCP 47. */
  readonly language?: string;
  /** True if a client plays it unless the user chooses another. At most one of a group. */
  readonly isDefault: boolean;
  /** True if a client may choose it by the user's preferences. Always true of the default. */
  readonly isAutoselect: boolean;
  /** True for subtitles of what is foreign to the audio's language. */
  readonly isForced?: boolean;
  /** Uniform Type Identifiers, e.g. `public.accessibility.describes-video`. */
  readonly characteristics?: readonly string[];
  readonly channels?: number;
  readonly uri: string;
}
/** A variant stream (RFC 8216, 4.3.4.2). */
export interface HlsVariant {
  readonly uri: string;
  /** Of the variant's own playlist, without its groups. */
  readonly bandwidth: Bandwidth;
  /** RFC 6381, without those of its groups. */
  readonly codecs: readonly string[];
  /** Display size; absent for audio only. */
  readonly size?: Size;
  readonly frameRate?: number;
  /** VIDEO-RANGE: the transfer characteristics. */
  readonly videoRange?: "SDR";
  readonly audioGroup?: HlsGroup;
  readonly subtitlesGroup?: Pick<HlsGroup, "id">;
}
interface HlsGroup {
  readonly id: string;
  /** Highest of its renditions. */
  readonly bandwidth: Bandwidth;
  readonly codecs: readonly string[];
}
interface MultivariantPlaylist {
  readonly version: number;
  /** True if each segment begins with a keyframe. */
  readonly hasIndependentSegments?: boolean;
  readonly renditions: readonly HlsRendition[];
  readonly variants: readonly HlsVariant[];
}

/** A quoted string cannot contain quotes or line breaks (RFC 8216, 4.2). */
const quote = (text: string): string => `"${text.replace(/["\r\n]+/g, " ")}"`;
const formatBoolean = (value: boolean): string => (value ? "YES" : "NO");
const formatAttributes = (entries: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(entries)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(",");

const renderRendition = (rendition: HlsRendition): string => {
  const { language, isForced, characteristics = [], channels } = rendition;
  return `#EXT-X-MEDIA:${formatAttributes({
    TYPE: rendition.type,
    "GROUP-ID": quote(rendition.groupId),
    NAME: quote(rendition.name),
    LANGUAGE: language === undefined ? undefined : quote(language),
    DEFAULT: formatBoolean(rendition.isDefault),
    AUTOSELECT: formatBoolean(rendition.isAutoselect || rendition.isDefault),
    FORCED: isForced === undefined ? undefined : formatBoolean(isForced),
    CHARACTERISTICS: characteristics.length === 0 ? undefined : quote(characteristics.join(",")),
    CHANNELS: channels === undefined ? undefined : quote(String(channels)),
    URI: quote(rendition.uri),
  })}`;
};

const renderVariant = (variant: HlsVariant): readonly string[] => {
  const { bandwidth, size, frameRate, audioGroup, subtitlesGroup } = variant;
  const codecs = new Set([...variant.codecs, ...(audioGroup?.codecs ?? [])]);
  return [
    `#EXT-X-STREAM-INF:${formatAttributes({
      BANDWIDTH: bandwidth.peak + (audioGroup?.bandwidth.peak ?? 0),
      "AVERAGE-BANDWIDTH": bandwidth.average + (audioGroup?.bandwidth.average ?? 0),
      RESOLUTION: size === undefined ? undefined : `${size.width}x${size.height}`,
      "FRAME-RATE": frameRate?.toFixed(3),
      CODECS: quote([...codecs].join(",")),
      "VIDEO-RANGE": variant.videoRange,
      AUDIO: audioGroup === undefined ? undefined : quote(audioGroup.id),
      SUBTITLES: subtitlesGroup === undefined ? undefined : quote(subtitlesGroup.id),
    })}`,
    variant.uri,
  ];
};

/** Builds a group of audio renditions: a variant must state the bandwidth of its most demanding combination. */
export const buildAudioGroup = (
  id: string,
  renditions: readonly { readonly bandwidth: Bandwidth; readonly codecs: readonly string[] }[],
): HlsGroup => ({
  id,
  bandwidth: {
    peak: Math.max(0, ...renditions.map(({ bandwidth }) => bandwidth.peak)),
    average: Math.max(0, ...renditions.map(({ bandwidth }) => bandwidth.average)),
  },
  codecs: [...new Set(renditions.flatMap(({ codecs }) => codecs))],
});

/** Builds a multivariant playlist (RFC 8216, 4.3.4). */
export const buildMultivariantPlaylist = ({
  version,
  hasIndependentSegments = false,
  renditions,
  variants,
}: MultivariantPlaylist): string =>
  [
    "#EXTM3U",
    `#EXT-X-VERSION:${version}`,
    ...(hasIndependentSegments ? ["#EXT-X-INDEPENDENT-SEGMENTS"] : []),
    ...renditions.map(renderRendition),
    ...variants.flatMap(renderVariant),
    "",
  ].join("\n");
