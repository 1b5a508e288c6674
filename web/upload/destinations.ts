import type { components } from "../api/schema.ts";

/** The routes, ignored uploads and limits of the stage. */
export type RouteList = components["schemas"]["RouteList"];
type Route = RouteList["routes"][number];

/** Where files can be uploaded to: a prefix, and the routes of its files. */
export interface Destination {
  /** Beginning of the keys; empty, or ends in `/`. */
  readonly prefix: string;
  readonly routes: readonly Route[];
  /** Accepted extensions, in lower case and without the dot. */
  readonly extensions: readonly string[];
}

/** What becomes of an upload, by its key. */
export type KeyMatch =
  | { readonly kind: "route" }
  /** Stored without a job. */
  | { readonly kind: "ignored" }
  | { readonly kind: "unrouted"; readonly prefix: string; readonly extensions: readonly string[] };

const descriptions: Readonly<Record<Route["recipe"], string>> = {
  transcode: "video for the web (MP4)",
  thumbnail: "a thumbnail of each video",
  watermark: "video with a watermark",
  ladder: "adaptive streaming (HLS and DASH)",
  audio: "audio (AAC)",
  image: "images in sizes for the web",
  clip: "a clip of each video",
  frames: "still frames of each video",
};

/** Groups the routes by prefix. The destination without a prefix is the first. */
export const listDestinations = ({ routes }: RouteList): readonly Destination[] => {
  const prefixes = [...new Set(routes.map(({ prefix }) => prefix))];
  return prefixes
    .sort((a, b) => Number(b === "") - Number(a === ""))
    .map((prefix) => {
      const own = routes.filter((route) => route.prefix === prefix);
      return { prefix, routes: own, extensions: [...new Set(own.flatMap(({ extensions }) => extensions))] };
    });
};

/** What a destination makes of its files, e.g. `Adaptive streaming (HLS and DASH); audio (AAC)`. */
export const describeDestination = ({ routes }: Destination): string => {
  const text = [...new Set(routes.map(({ recipe }) => descriptions[recipe]))].join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
};

/** Extension of a key or name, in lower case and without the dot; empty if it has none. */
export const getExtension = (key: string): string => {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
};

/** Finds what becomes of an upload as the server does: the longest prefix wins, then the extension decides. */
export const matchKey = ({ routes, ignored }: RouteList, key: string): KeyMatch => {
  const extension = getExtension(key);
  if (
    ignored.extensions.includes(extension) ||
    ignored.prefixes.some((prefix) => key.startsWith(prefix)) ||
    key.endsWith("/")
  )
    return { kind: "ignored" };
  const matching = routes.filter(({ prefix }) => key.startsWith(prefix));
  const longest = Math.max(0, ...matching.map(({ prefix }) => prefix.length));
  const candidates = matching.filter(({ prefix }) => prefix.length === longest);
  if (candidates.some(({ extensions }) => extensions.includes(extension))) return { kind: "route" };
  return {
    kind: "unrouted",
    prefix: candidates[0]?.prefix ?? "",
    extensions: [...new Set(candidates.flatMap(({ extensions }) => extensions))],
  };
};
