import { createHash } from "node:crypto";
import type { RoutingTable } from "./match.ts";
import type { Route } from "./route.ts";

const hash = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");
const sort = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

const listIgnored = ({ ignored }: RoutingTable) => [sort(ignored.prefixes), sort(ignored.extensions)];

/**
 * Hashes what decides which keys belong to a route: its prefix and extensions, what is ignored, and the longer prefixes
 * below its own, whose keys belong to other routes. Recipe, engine and outputs do not count.
 */
export const computeRouteSelection = (
  table: RoutingTable,
  { prefix, extensions }: Pick<Route, "prefix" | "extensions">,
): string => {
  const prefixesBelow = table.routes
    .map((other) => other.prefix)
    .filter((other) => other !== prefix && other.startsWith(prefix));
  return hash([listIgnored(table), prefix, sort(extensions), sort(prefixesBelow)]);
};

/** Hashes what decides which keys belong to no route and are not ignored: all routes. */
export const computeUnroutedSelection = (table: RoutingTable): string =>
  hash([
    listIgnored(table),
    sort(table.routes.map(({ prefix, extensions }) => JSON.stringify([prefix, sort(extensions)]))),
  ]);
