import type { Route } from "./route.ts";
import { getExtension } from "./template.ts";

/** The part of a configuration that determines the route of a key. */
export interface RoutingTable {
  readonly routes: readonly Route[];
  /** Keys that never become jobs. */
  readonly ignored: { readonly prefixes: readonly string[]; readonly extensions: readonly string[] };
}

/** Route of a key. */
export type RouteMatch =
  | { readonly kind: "route"; readonly route: Route }
  /** An ignored upload or a folder marker: no job. */
  | { readonly kind: "ignored" }
  | { readonly kind: "unrouted"; readonly prefix: string; readonly acceptedExtensions: readonly string[] };

/** Finds the route of a key: by the longest matching prefix, then by the extension, ignoring case. */
export const matchRoute = (configuration: RoutingTable, key: string): RouteMatch => {
  const extension = getExtension(key);
  const { prefixes, extensions } = configuration.ignored;
  if (
    key.endsWith("/") ||
    extensions.includes(extension) ||
    prefixes.some((prefix) => key.startsWith(prefix))
  )
    return { kind: "ignored" };
  const matching = configuration.routes.filter((route) => key.startsWith(route.prefix));
  const longest = Math.max(0, ...matching.map((route) => route.prefix.length));
  const candidates = matching.filter((route) => route.prefix.length === longest);
  const route = candidates.find((candidate) => candidate.extensions.includes(extension));
  if (route !== undefined) return { kind: "route", route };
  return {
    kind: "unrouted",
    prefix: candidates[0]?.prefix ?? "",
    acceptedExtensions: [...new Set(candidates.flatMap((candidate) => candidate.extensions))].sort(),
  };
};
