import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import { planOutputKeys } from "../../pipeline/routing/plan-outputs.ts";
import type { Route } from "../../pipeline/routing/route.ts";
import { type ClipFormat, getClipSeconds, listFormats } from "./clip-formats.ts";

/** The clip for one route, with the prefixes that it and its outputs use. */
export interface PlannedClip {
  readonly route: Route;
  readonly format: ClipFormat;
  readonly seconds: number;
  readonly key: string;
  /** Prefix in the input bucket that only this clip uses. */
  readonly inputPrefix: string;
  /** Prefixes in the output bucket that only its outputs use. */
  readonly outputPrefixes: readonly string[];
}

type RouteConfiguration = Pick<Configuration, "routes" | "ignored">;

/** Returns the key up to the run's name, included; undefined if the key does not contain it. */
const getUniquePrefix = (key: string, name: string): string | undefined => {
  const at = key.indexOf(name);
  return at < 0 ? undefined : key.slice(0, at + name.length);
};

/** Plans the clip for a route, or returns why there cannot be one. */
const planClip = (configuration: RouteConfiguration, route: Route, name: string): PlannedClip | string => {
  for (const format of listFormats(route)) {
    const inputPrefix = `${route.prefix}${name}`;
    const key = `${inputPrefix}/${name}.${format.extension}`;
    const match = matchRoute(configuration, key);
    if (match.kind !== "route" || match.route.name !== route.name) continue;
    const outputs = planOutputKeys(route, key);
    const outputPrefixes = outputs.flatMap((output) => getUniquePrefix(output, name) ?? []);
    if (outputPrefixes.length < outputs.length)
      return `route "${route.name}" always writes ${outputs.join(", ")}, which could overwrite other outputs`;
    return { route, format, seconds: getClipSeconds(route), key, inputPrefix, outputPrefixes };
  }
  return `no test clip can be generated for route "${route.name}" (extensions ${route.extensions.join(", ")})`;
};

/**
 * Plans one clip per route.
 *
 * @param names of the routes; empty for all
 * @param name of the run: letters, digits and hyphens; unique among all keys
 * @throws UsageError for an unknown route; CommandError for a route without a possible clip
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
      `Route ${unknownRoutes.join(", ")} does not exist. Available routes: ${routes.map((route) => route.name).join(", ")}.`,
    );
  const plans = routes
    .filter((route) => names.length === 0 || names.includes(route.name))
    .map((route) => planClip(configuration, route, name));
  const problems = plans.filter((one) => typeof one === "string");
  if (problems.length > 0)
    throw new CommandError(`Nothing was uploaded: ${problems.join("; ")}. Select other routes with --route.`);
  return plans.filter((one) => typeof one !== "string");
};

/** Returns the key of the watermark image that the clip's route uses; undefined for other recipes. */
export const getWatermarkKey = ({ route }: PlannedClip): string | undefined =>
  route.engine === "ffmpeg" && route.recipe.name === "watermark" ? route.recipe.image : undefined;
