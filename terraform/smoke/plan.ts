import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import { planOutputKeys } from "../../pipeline/routing/plan-outputs.ts";
import type { Route } from "../../pipeline/routing/route.ts";
import { type ClipFormat, getClipSeconds, listFormats } from "./clip-formats.ts";

/** The clip of one route, and everything in the buckets that may come of it. */
export interface PlannedClip {
  readonly route: Route;
  readonly format: ClipFormat;
  readonly seconds: number;
  readonly key: string;
  /** What the key, and nothing else in the input bucket, begins with. */
  readonly inputPrefix: string;
  /** What the outputs, and nothing else in the output bucket, begin with. */
  readonly outputPrefixes: readonly string[];
}

type RouteConfiguration = Pick<Configuration, "routes" | "ignored">;

/** Up to the first place where the run's own name stands; undefined where it does not. */
const getUniquePrefix = (key: string, name: string): string | undefined => {
  const at = key.indexOf(name);
  return at < 0 ? undefined : key.slice(0, at + name.length);
};

/** The clip for a route, or why there can be none. */
const planClip = (configuration: RouteConfiguration, route: Route, name: string): PlannedClip | string => {
  for (const format of listFormats(route)) {
    const inputPrefix = `${route.prefix}${name}`;
    const key = `${inputPrefix}/${name}.${format.extension}`;
    const match = matchRoute(configuration, key);
    if (match.kind !== "route" || match.route.name !== route.name) continue;
    const outputs = planOutputKeys(route, key);
    const outputPrefixes = outputs.flatMap((output) => getUniquePrefix(output, name) ?? []);
    if (outputPrefixes.length < outputs.length)
      return `route "${route.name}" writes ${outputs.join(", ")} whatever the upload is called, where others' outputs may lie`;
    return { route, format, seconds: getClipSeconds(route), key, inputPrefix, outputPrefixes };
  }
  return `route "${route.name}" takes no file that can be made here (it takes ${route.extensions.join(", ")})`;
};

/**
 * Plans one clip for each route.
 *
 * @param names of the routes; all where there are none
 * @param name of the run: letters, digits and hyphens that no other key holds
 * @throws UsageError for a route that does not exist, CommandError for one that no clip can be made for
 */
export const planClips = (
  configuration: RouteConfiguration,
  names: readonly string[],
  name: string,
): readonly PlannedClip[] => {
  const { routes } = configuration;
  const unknownRoutes = names.filter((one) => !routes.some((route) => route.name === one));
  if (unknownRoutes.length > 0)
    throw new UsageError(
      `There is no route ${unknownRoutes.join(", ")}. The routes are ${routes.map((route) => route.name).join(", ")}.`,
    );
  const plans = routes
    .filter((route) => names.length === 0 || names.includes(route.name))
    .map((route) => planClip(configuration, route, name));
  const problems = plans.filter((one) => typeof one === "string");
  if (problems.length > 0)
    throw new CommandError(
      `Nothing was uploaded: ${problems.join("; ")}. Name the other routes with --route.`,
    );
  return plans.filter((one) => typeof one !== "string");
};

/** Keys in the input bucket of the pictures that routes draw over their clips. */
export const getWatermarkKey = ({ route }: PlannedClip): string | undefined =>
  route.engine === "ffmpeg" && route.recipe.name === "watermark" ? route.recipe.image : undefined;
