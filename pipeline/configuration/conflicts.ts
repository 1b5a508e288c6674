import { findSystemPreset } from "../elastic-transcoder/presets/system-presets.ts";
import { matchRoute } from "../routing/match.ts";
import type { Route } from "../routing/route.ts";
import { renderTemplate } from "../routing/template.ts";
import type { Configuration } from "./configuration.ts";

const findDuplicates = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].filter((name) => names.indexOf(name) !== names.lastIndexOf(name));

const findDuplicateRoutes = (routes: readonly Route[]): readonly string[] => [
  ...findDuplicates(routes.map((route) => route.name)).map((name) => `route "${name}", name: is given twice`),
  ...routes.flatMap((route, index) =>
    routes
      .slice(index + 1)
      .filter((other) => other.prefix === route.prefix)
      .flatMap((other) =>
        route.extensions
          .filter((extension) => other.extensions.includes(extension))
          .map(
            (extension) =>
              `route "${other.name}", extensions: "${extension}" under prefix "${route.prefix}" is taken by route "${route.name}"`,
          ),
      ),
  ),
];

/**
 * EventBridge picks uploads by prefix alone, so the rule of such a route would start a worker for whatever another
 * route takes under the same prefix or below it.
 */
const findOverlappingRules = (routes: readonly Route[]): readonly string[] =>
  routes
    .filter((route) => route.trigger === "eventbridge")
    .flatMap((route) =>
      routes
        .filter((other) => other !== route && other.prefix.startsWith(route.prefix))
        .map(
          (other) =>
            `route "${route.name}", trigger: its rule would start a worker for every upload of route "${other.name}" too, which lies under "${route.prefix}"; give "${route.name}" a prefix of its own, or the trigger lambda`,
        ),
    );

/** Two extensions of one route must not write one name, nor one object two outputs of one name. */
const findOutputCollisions = (route: Route): readonly string[] => {
  const outputKeys = route.outputs.flatMap((template) =>
    route.extensions.map((extension) =>
      renderTemplate(template, `${route.prefix}name.${extension}`, route.prefix),
    ),
  );
  return findDuplicates(outputKeys).map(
    (key) => `route "${route.name}", outputs: more than one source or output would write ${key}; add {ext}`,
  );
};

/** Whatever lands in an input bucket becomes a job, so no stage may write where any stage reads. */
const findTriggerLoops = (configuration: Configuration): readonly string[] =>
  Object.entries(configuration.stages).flatMap(([name, stage]) =>
    Object.entries(configuration.stages)
      .filter(([, other]) => other.inputBucket === stage.outputBucket)
      .map(([other]) =>
        other === name
          ? `stage "${name}", outputBucket: is its input bucket too (${stage.outputBucket}), so an output would trigger ${describeTriggeredRoute(configuration)}`
          : `stage "${name}", outputBucket: is the input bucket of stage "${other}" (${stage.outputBucket}), so an output would trigger ${describeTriggeredRoute(configuration)}`,
      ),
  );

/** An example for the message: the first route that an output of some route would trigger. */
const describeTriggeredRoute = (configuration: Configuration): string => {
  for (const route of configuration.routes)
    for (const extension of route.extensions)
      for (const template of route.outputs) {
        const key = renderTemplate(template, `${route.prefix}name.${extension}`, route.prefix);
        const match = matchRoute(configuration, key.endsWith("/") ? `${key}name.mp4` : key);
        if (match.kind === "route")
          return `route "${match.route.name}", e.g. ${key} of route "${route.name}"`;
      }
  return "a job";
};

/** The preset a route names; undefined where its recipe needs none. */
export const getPresetId = (route: Route): string | undefined => {
  if (route.engine === "elastic-transcoder") return route.preset;
  return route.recipe.name === "transcode" ? route.recipe.preset : undefined;
};

const findUnknownPresets = (route: Route): readonly string[] => {
  const id = getPresetId(route);
  return id === undefined || findSystemPreset(id) !== undefined
    ? []
    : [`route "${route.name}", preset: ${id} is no system preset`];
};

const findOutputCountProblems = (route: Route): readonly string[] => {
  const recipe = route.engine === "ffmpeg" ? route.recipe.name : "transcode";
  const isFolderRecipe = recipe === "ladder" || recipe === "frames";
  const problems: string[] = [];
  for (const template of route.outputs)
    if (template.endsWith("/") !== isFolderRecipe)
      problems.push(
        `route "${route.name}", outputs: recipe ${recipe} makes ${isFolderRecipe ? "a folder, so the key must end in a slash" : "a file, so the key must not end in a slash"}, got: ${template}`,
      );
  if (recipe !== "image" && route.outputs.length > 1)
    problems.push(`route "${route.name}", outputs: recipe ${recipe} makes one, got: ${route.outputs.length}`);
  return problems;
};

/** What a well-formed configuration says against itself; each sentence names route or stage, and field. */
export const findConflicts = (configuration: Configuration): readonly string[] => [
  ...findDuplicateRoutes(configuration.routes),
  ...configuration.routes.flatMap((route) => [
    ...findOutputCollisions(route),
    ...findOutputCountProblems(route),
    ...findUnknownPresets(route),
    ...(route.trigger === "eventbridge" && route.engine !== "ffmpeg"
      ? [`route "${route.name}", trigger: eventbridge starts a worker, so the engine must be ffmpeg`]
      : []),
  ]),
  ...findOverlappingRules(configuration.routes),
  ...findTriggerLoops(configuration),
];
