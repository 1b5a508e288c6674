import type { MultivariantPlaylist, Variant } from "./playlist.ts";

/** RFC 6381 names of video codecs, without their parameters. */
const videoCodecs: ReadonlySet<string> = new Set([
  "avc1",
  "avc3",
  "hvc1",
  "hev1",
  "dvh1",
  "dvhe",
  "dva1",
  "dvav",
  "dav1",
  "vp08",
  "vp09",
  "av01",
  "vvc1",
  "vvi1",
  "mp4v",
  "s263",
  "jpeg",
]);
const isVideoCodec = (codec: string): boolean => videoCodecs.has(codec.split(".")[0]?.toLowerCase() ?? "");

type VideoVariant = Variant & { readonly height: number };
/** Whether a variant declares a height and, if it declares codecs, one of video. */
const hasVideo = (variant: Variant): variant is VideoVariant =>
  variant.height !== undefined && (variant.codecs.length === 0 || variant.codecs.some(isVideoCodec));

/**
 * Identifies a variant by what it declares. Its URL may have a session id, which changes with each request of the
 * multivariant playlist.
 */
export const identifyVariant = ({ width, height, bandwidth, codecs }: Variant): string =>
  `${width ?? 0}x${height ?? 0} ${bandwidth} ${codecs.join(",")}`;

/**
 * Selects the variant to watch: of those with at least `minHeight` lines the one with the lowest bandwidth; if all are
 * lower, the highest. With equal bandwidth the lower height wins, then the order of the playlist. Variants whose height
 * is unknown or that are audio only are not considered.
 *
 * @param options `avoidUrls`: playlists that failed; used only if every variant did
 * @returns undefined if no variant has video of a known height
 */
export const selectVariant = (
  { variants }: Pick<MultivariantPlaylist, "variants">,
  options: { readonly minHeight: number; readonly avoidUrls?: readonly string[] },
): Variant | undefined => {
  const { minHeight, avoidUrls = [] } = options;
  const withVideo = variants.filter(hasVideo);
  const preferred = withVideo.filter(({ url }) => !avoidUrls.includes(url));
  const candidates = preferred.length > 0 ? preferred : withVideo;
  const maxHeight = Math.max(...candidates.map(({ height }) => height));
  const lowestHeight = Math.min(minHeight, maxHeight);
  return candidates
    .filter(({ height }) => height >= lowestHeight)
    .toSorted((a, b) => a.bandwidth - b.bandwidth || a.height - b.height)[0];
};
