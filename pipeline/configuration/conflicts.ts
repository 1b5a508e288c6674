import { findSystemPreset } from "../elastic-transcoder/presets/system-presets.ts";
import { JobFailure } from "../errors/job-error.ts";
import { selectClipKeys } from "../recipes/clip-keys.ts";
import { matchRoute } from "../routing/match.ts";
import type { Route } from "../routing/route.ts";
import { renderTemplate } from "../routing/template.ts";
import { archivePrefix } from "./channels-schema.ts";
import type { Configuration } from "./configuration.ts";
import { localStage, type SelectedStages } from "./selected-stages.ts";

const findDuplicates = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].filter((name) => names.indexOf(name) !== names.lastIndexOf(name));

const findDuplicateRoutes = (routes: readonly Route[]): readonly string[] => [
  ...findDuplicates(routes.map((route) => route.name)).map((name) => `route "${name}", name: is used twice`),
  ...routes.flatMap((route, index) =>
    routes
      .slice(index + 1)
      .filter((other) => other.prefix === route.prefix)
      .flatMap((other) =>
        route.extensions
          .filter((extension) => other.extensions.includes(extension))
          .map(
            (extension) =>
              `route "${other.name}", extensions: "${extension}" under prefix "${route.prefix}" is already used by route "${route.name}"`,
          ),
      ),
  ),
];

/**
 * The EventBridge rule of a route matches its prefix, so it would also start a worker for the uploads of another route
 * with the same prefix or a longer one.
 */
const findOverlappingRules = (routes: readonly Route[]): readonly string[] =>
  routes
    .filter((route) => route.trigger === "eventbridge")
    .flatMap((route) =>
      routes
        .filter((other) => other !== route && other.prefix.startsWith(route.prefix))
        .map(
          (other) =>
            `route "${route.name}", trigger: its rule would also start a worker for every upload of route "${other.name}", whose prefix begins with "${route.prefix}"; use another prefix for "${route.name}", or trigger lambda`,
        ),
    );

/** Two extensions or two outputs of a route must not write the same key. */
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

/** The stage's own buckets always send their events to its account. */
const findUnusedBucketEvents = ({ stages }: Pick<Configuration, "stages">): readonly string[] =>
  Object.entries(stages)
    .filter(([, stage]) => stage.bucketEvents === "external" && !stage.existingBuckets)
    .map(([name]) => `stage "${name}", bucketEvents: "external" requires existingBuckets: true`);

/** Every upload to an input bucket becomes a job, so no stage may write to the input bucket of any stage. */
const findTriggerLoops = (configuration: Configuration): readonly string[] =>
  Object.entries(configuration.stages).flatMap(([name, stage]) =>
    Object.entries(configuration.stages)
      .filter(([, other]) => other.inputBucket === stage.outputBucket)
      .map(([other]) =>
        other === name
          ? `stage "${name}", outputBucket: is also its input bucket (${stage.outputBucket}), so an output would trigger ${describeTriggeredRoute(configuration)}`
          : `stage "${name}", outputBucket: is the input bucket of stage "${other}" (${stage.outputBucket}), so an output would trigger ${describeTriggeredRoute(configuration)}`,
      ),
  );

/** Example for the message: the first route that an output would trigger. */
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

/** Id of the route's preset; undefined if its recipe has none. */
export const getPresetId = (route: Route): string | undefined => {
  if (route.engine === "elastic-transcoder") return route.preset;
  return route.recipe.name === "transcode" ? route.recipe.preset : undefined;
};

const findUnknownPresets = (route: Route): readonly string[] => {
  const id = getPresetId(route);
  return id === undefined || findSystemPreset(id) !== undefined
    ? []
    : [`route "${route.name}", preset: ${id} is not a system preset`];
};

/** Outputs of a clip differ in kind: a folder, a JPEG, or an MP4. */
const findClipOutputProblems = ({ name, outputs }: Route): readonly string[] => {
  try {
    selectClipKeys(outputs);
    return [];
  } catch (cause) {
    if (!(cause instanceof JobFailure)) throw cause;
    return [`route "${name}", outputs: ${cause.message}`];
  }
};

const findOutputCountProblems = (route: Route): readonly string[] => {
  const recipe = route.engine === "ffmpeg" ? route.recipe.name : "transcode";
  if (recipe === "clip") return findClipOutputProblems(route);
  const isFolderRecipe = recipe === "ladder" || recipe === "frames";
  const problems: string[] = [];
  for (const template of route.outputs)
    if (template.endsWith("/") !== isFolderRecipe)
      problems.push(
        `route "${route.name}", outputs: recipe ${recipe} writes ${isFolderRecipe ? "a folder, so the key must end in a slash" : "a file, so the key must not end in a slash"}, got: ${template}`,
      );
  if (recipe !== "image" && route.outputs.length > 1)
    problems.push(
      `route "${route.name}", outputs: recipe ${recipe} writes one output, got: ${route.outputs.length}`,
    );
  return problems;
};

/** Objects under the prefix of the archive expire. */
const findArchivedOutputs = ({ routes, channels }: Configuration): readonly string[] =>
  channels.length === 0
    ? []
    : routes.flatMap((route) =>
        route.outputs
          .filter((template) => template.startsWith(archivePrefix))
          .map(
            (template) =>
              `route "${route.name}", outputs: ${template} is in ${archivePrefix}, where the segments of channels expire; use another folder`,
          ),
      );

/** Webhooks or channels. */
interface StageItem {
  readonly name: string;
  readonly stages?: SelectedStages;
}

/** Names are unique, and stages exist; `local` is the runtime on one machine. */
const findStageItemProblems = (
  noun: string,
  items: readonly StageItem[],
  { stages }: Configuration,
): readonly string[] => {
  const available = [...new Set([...Object.keys(stages), localStage])];
  return [
    ...findDuplicates(items.map(({ name }) => name)).map((name) => `${noun} "${name}", name: is used twice`),
    ...items.flatMap(({ name, stages: selected = [] }) =>
      selected
        .filter((stage) => !available.includes(stage))
        .map(
          (stage) =>
            `${noun} "${name}", stages: stage "${stage}" does not exist; available stages: ${available.join(", ")}`,
        ),
    ),
  ];
};

/** Contradictions between the fields of a configuration. Each message names the route or stage, and the field. */
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
  ...findUnusedBucketEvents(configuration),
  ...findStageItemProblems("webhook", configuration.webhooks, configuration),
  ...findStageItemProblems("channel", configuration.channels, configuration),
  ...findArchivedOutputs(configuration),
];
