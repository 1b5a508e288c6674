import { createUrlResolver } from "./attributes.ts";
import { findPlaylistKind, isTag, type PlaylistLine, parseLines } from "./lines.ts";
import { parseMediaLines } from "./parse-media-playlist.ts";
import { parseMultivariantLines } from "./parse-multivariant-playlist.ts";
import type { MediaPlaylist, MultivariantPlaylist } from "./playlist.ts";
import type { PlaylistContext } from "./playlist-context.ts";
import { createVariables } from "./variables.ts";

/**
 * Parses an HLS playlist (RFC 8216 and its second edition). Accepts what real servers get wrong where the meaning is
 * certain; rejects what could be read in two ways. Low-latency parts and hints are skipped: their segments follow whole.
 *
 * @param url absolute URL of the playlist, after redirects: the base of its relative URLs
 * @param options `variables`: those of the multivariant playlist, which a media playlist may import
 * @throws PlaylistError if the playlist is not valid, not supported, or larger than the limits
 */
export const parsePlaylist = (
  text: string,
  url: string,
  options: { readonly variables?: ReadonlyMap<string, string> } = {},
): MultivariantPlaylist | MediaPlaylist => {
  const resolveUrl = createUrlResolver(url);
  const lines = parseLines(text);
  const kind = findPlaylistKind(lines);
  const variables = createVariables(url, options.variables);
  const context: PlaylistContext = { url, substitute: variables.substitute, resolveUrl };
  const withoutDefinitions = function* (): Generator<PlaylistLine> {
    for (const line of lines) {
      if (isTag(line) && line.tag === "EXT-X-DEFINE") variables.define(line);
      else yield line;
    }
  };
  return kind === "media"
    ? parseMediaLines(withoutDefinitions(), context)
    : { ...parseMultivariantLines(withoutDefinitions(), context), variables: variables.values };
};
