import * as hls from "hls-parser";

/** A variant, with the pixels, bits and codecs it declares. */
export interface HlsVariant {
  readonly uri: string;
  readonly bandwidth: number;
  readonly codecs: string;
  readonly size?: readonly [width: number, height: number];
  readonly frameRate?: number;
}
/** An `EXT-X-MEDIA` tag: RFC 8216 section 4.3.4.1. */
export interface HlsRendition {
  readonly type: string;
  readonly uri?: string;
  readonly name: string;
  readonly language?: string;
  readonly isDefault: boolean;
  readonly characteristics?: string;
}

/** Reads a multivariant playlist with the package `hls-parser`. @throws Error for a media playlist */
export const readMultivariantPlaylist = (
  text: string,
): { readonly variants: readonly HlsVariant[]; readonly renditions: readonly HlsRendition[] } => {
  const playlist = hls.parse(text);
  if (!playlist.isMasterPlaylist) throw new Error("This is not a multivariant playlist.");
  const renditions = new Map<string, HlsRendition>();
  for (const { audio, subtitles } of playlist.variants)
    for (const { type, uri, name, language, isDefault, characteristics } of [...audio, ...subtitles])
      renditions.set(`${type} ${name} ${uri}`, {
        type,
        name,
        isDefault: isDefault ?? false,
        ...(uri === undefined ? {} : { uri }),
        ...(language === undefined ? {} : { language }),
        ...(characteristics === undefined ? {} : { characteristics }),
      });
  return {
    variants: playlist.variants.map(({ uri, bandwidth, codecs, resolution, frameRate }) => ({
      uri,
      bandwidth,
      codecs: codecs ?? "",
      ...(resolution === undefined ? {} : { size: [resolution.width, resolution.height] as const }),
      ...(frameRate === undefined ? {} : { frameRate }),
    })),
    renditions: [...renditions.values()],
  };
};

/** Reads a media playlist: its segments' durations in seconds, and its target duration. @throws Error for a multivariant playlist */
export const readMediaPlaylist = (
  text: string,
): {
  readonly segmentSeconds: readonly number[];
  readonly targetSeconds: number;
  readonly isEnded: boolean;
} => {
  const playlist = hls.parse(text);
  if (playlist.isMasterPlaylist) throw new Error("This is a multivariant playlist.");
  return {
    segmentSeconds: playlist.segments.map(({ duration }) => duration),
    targetSeconds: playlist.targetDuration,
    isEnded: playlist.endlist,
  };
};
