import type { RoutingTable } from "../routing/match.ts";

/**
 * The prefixes of a bucket whose keys the sweep lists, ordered; none is below another. All keys if a route has an empty
 * prefix, else only those below the routes' prefixes.
 */
export const listSweepPrefixes = ({ routes }: Pick<RoutingTable, "routes">): readonly string[] => {
  const prefixes = [...new Set(routes.map(({ prefix }) => prefix))].sort();
  return prefixes.filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)));
};
