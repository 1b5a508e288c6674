import { type ChannelFetcher, FetchFailure } from "./channel-fetcher.ts";
import { parsePlaylist } from "./playlist/parse-playlist.ts";
import type { MediaPlaylist } from "./playlist/playlist.ts";
import { PlaylistError } from "./playlist/playlist-error.ts";
import { identifyVariant, selectVariant } from "./playlist/select-variant.ts";

/** Lines of the cheapest variant that detectors see enough in. */
const minHeight = 360;
const maxPlaylistBytes = 16 * 2 ** 20;
const playlistTimeoutMs = 10_000;
/** Consecutive failures after which another variant is read: a change ends what the channel shows. */
const maxTransientFailures = 3;

/** A media playlist, and which variant it is of. */
export interface ChannelPlaylist {
  readonly playlist: MediaPlaylist;
  /** Names the variant; absent if the manifest is a media playlist. */
  readonly variant?: string;
}
/** Reads the playlist of a channel. It remembers the variant, and variants that failed. */
export interface PlaylistReader {
  /** @throws FetchFailure, PlaylistError */
  read(signal?: AbortSignal): Promise<ChannelPlaylist>;
}

/** Creates the reader of one run of a watcher. */
export const createPlaylistReader = (
  fetcher: Pick<ChannelFetcher, "fetchBytes">,
  manifestUrl: string,
): PlaylistReader => {
  const failedUrls: string[] = [];
  let failures = 0;
  let selected:
    | { readonly url: string; readonly variant: string; readonly variables: ReadonlyMap<string, string> }
    | undefined;

  const fetchPlaylist = async (
    url: string,
    variables: ReadonlyMap<string, string> | undefined,
    signal: AbortSignal | undefined,
  ) => {
    const { bytes, finalUrl } = await fetcher.fetchBytes({
      url,
      maxBytes: maxPlaylistBytes,
      timeoutMs: playlistTimeoutMs,
      acceptsCompression: true,
      ...(signal === undefined ? {} : { signal }),
    });
    return parsePlaylist(
      new TextDecoder().decode(bytes),
      finalUrl,
      variables === undefined ? {} : { variables },
    );
  };

  const readVariant = async (signal: AbortSignal | undefined): Promise<ChannelPlaylist> => {
    if (selected === undefined) throw new PlaylistError("has no variant");
    const { url, variant, variables } = selected;
    try {
      const playlist = await fetchPlaylist(url, variables, signal);
      if (playlist.kind !== "media")
        throw new PlaylistError("of a variant lists variants instead of segments");
      failures = 0;
      return { playlist, variant };
    } catch (cause) {
      failures += 1;
      const isTransient = cause instanceof FetchFailure && cause.retryable;
      if (isTransient && failures < maxTransientFailures) throw cause;
      // Another variant, or a new URL of this one, at the next poll.
      failedUrls.push(url);
      selected = undefined;
      throw cause;
    }
  };

  return {
    async read(signal) {
      if (selected !== undefined) return readVariant(signal);
      const playlist = await fetchPlaylist(manifestUrl, undefined, signal);
      if (playlist.kind === "media") return { playlist };
      const variant = selectVariant(playlist, { minHeight, avoidUrls: failedUrls });
      if (variant === undefined) throw new PlaylistError("has no variant with video");
      selected = { url: variant.url, variant: identifyVariant(variant), variables: playlist.variables };
      return readVariant(signal);
    },
  };
};
