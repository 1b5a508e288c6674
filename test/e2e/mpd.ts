import { createRequire } from "node:module";
import * as z from "zod";

const range = z
  .object({ offset: z.number(), length: z.number() })
  .transform(({ offset, length }) => [offset, offset + length - 1] as const);
const representation = z
  .object({
    resolvedUri: z.string(),
    attributes: z.object({
      BANDWIDTH: z.number(),
      CODECS: z.string(),
      RESOLUTION: z.object({ width: z.number(), height: z.number() }).optional(),
    }),
    sidx: z.object({ byterange: range, map: z.object({ byterange: range }) }),
  })
  .transform(({ resolvedUri, attributes, sidx }) => ({
    path: new URL(resolvedUri).pathname.slice(1),
    bandwidth: attributes.BANDWIDTH,
    codecs: attributes.CODECS,
    size: attributes.RESOLUTION,
    header: sidx.map.byterange,
    index: sidx.byterange,
  }));
const manifest = z.object({
  duration: z.number(),
  playlists: z.array(representation),
  mediaGroups: z.object({
    AUDIO: z.record(z.string(), z.record(z.string(), z.object({ playlists: z.array(representation) }))),
  }),
});
// Its ES build imports names that Node does not find.
const parser = z
  .object({
    parse: z.custom<(text: string, options: object) => unknown>((value) => typeof value === "function"),
  })
  .parse(createRequire(import.meta.url)("mpd-parser"));

/**
 * What video.js's parser finds in an MPEG-DASH manifest.
 *
 * @param key of the manifest in its bucket: files are answered by their keys
 */
export const readManifest = (key: string, text: string) => {
  const parsedManifest = manifest.parse(parser.parse(text, { manifestUri: `http://bucket/${key}` }));
  return {
    seconds: parsedManifest.duration,
    video: parsedManifest.playlists,
    audio: Object.values(parsedManifest.mediaGroups.AUDIO).flatMap((group) =>
      Object.values(group).flatMap(({ playlists }) => playlists),
    ),
  };
};
