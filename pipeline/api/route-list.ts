import * as z from "zod";
import type { RoutingTable } from "../routing/match.ts";
import { engines, getRecipeName } from "../routing/route.ts";
import { recipeNames } from "./job-document.ts";

const routeDocumentSchema = z
  .object({
    name: z.string().describe("Name of the route."),
    prefix: z.string().describe("Beginning of the keys of its uploads; empty, or ends in `/`."),
    extensions: z
      .array(z.string())
      .describe("Extensions of its uploads, in lower case and without the dot. Case is ignored."),
    engine: z.enum(engines).describe("Engine of its jobs."),
    recipe: z.enum(recipeNames).describe("Recipe of its jobs."),
  })
  .meta({ id: "Route", description: "A route: which uploads become jobs of which recipe." });

/** The routes of uploads. */
export const routeListSchema = z
  .object({
    routes: z
      .array(routeDocumentSchema)
      .describe(
        "Routes. The longest prefix of a key wins; among the routes with this prefix, the extension decides. A key without a route becomes a job with status Error.",
      ),
    ignored: z
      .object({
        prefixes: z.array(z.string()).describe("Beginnings of keys."),
        extensions: z.array(z.string()).describe("Extensions, in lower case and without the dot."),
      })
      .describe("Uploads that never become jobs, e.g. watermarks and captions."),
    maxSourceBytes: z.number().describe("Maximum size of an upload in bytes; the job of a larger one fails."),
    maxSourceMinutes: z
      .number()
      .describe("Maximum duration of an upload in minutes; the job of a longer one fails."),
  })
  .meta({ id: "RouteList", description: "Where files can be uploaded to, and which." });
/** The routes of uploads. */
export type RouteList = z.infer<typeof routeListSchema>;

/** Converts the routing table and the limits of a configuration to the document of its routes. */
export const toRouteList = ({
  routes,
  ignored,
  limits,
}: RoutingTable & {
  readonly limits: Pick<RouteList, "maxSourceBytes" | "maxSourceMinutes">;
}): RouteList => ({
  routes: routes.map((route) => ({
    name: route.name,
    prefix: route.prefix,
    extensions: [...route.extensions],
    engine: route.engine,
    recipe: getRecipeName(route),
  })),
  ignored: { prefixes: [...ignored.prefixes], extensions: [...ignored.extensions] },
  maxSourceBytes: limits.maxSourceBytes,
  maxSourceMinutes: limits.maxSourceMinutes,
});
