import type { App } from "#cdktf";
import { findBucketConflicts } from "../modules/bucket-conflicts.ts";
import { packageFunctions } from "../modules/function-packages.ts";
import type { PlaybackPublicKeys } from "../modules/playback-keys.ts";
import type { StageStack } from "../modules/stack.ts";
import type { StackName } from "../modules/stack-order.ts";
import type { WorkerImage } from "../modules/worker-image.ts";
import { selectChannels } from "../pipeline/configuration/channels-schema.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { ConfigurationError } from "../pipeline/configuration/schema.ts";
import { ApiStack } from "./api.ts";
import { ComputeStack } from "./compute.ts";
import { HighlightsStack } from "./highlights.ts";
import { PipelinesStack } from "./pipelines.ts";
import { RegistryStack } from "./registry.ts";
import { RoutingStack } from "./routing.ts";
import { SiteStack } from "./site.ts";
import { StateStack } from "./state.ts";
import { StorageStack } from "./storage.ts";
import { TranscoderStack } from "./transcoder.ts";

/** The stacks of one stage, by name. */
export type StageStacks = Readonly<Record<Exclude<StackName, "highlights">, StageStack>> & {
  /** Only of a stage that watches a channel. */
  readonly highlights?: StageStack;
};

/** Properties of `createStages`. */
export interface StagesProps {
  /** The configuration, e.g. from `readConfiguration`. */
  readonly configuration: Configuration;
  /** The worker's image, e.g. from `readImageRecord`. */
  readonly image: WorkerImage;
  /** Public keys of playback by stage, e.g. from `readPlaybackKeys`. @default none: outputs are not served */
  readonly playbackKeys?: PlaybackPublicKeys;
}

/**
 * Creates the stacks of every stage of a configuration, with their dependencies.
 *
 * @returns the stacks by stage
 * @throws ConfigurationError if stages or purposes share a bucket; HookError if a hook cannot be used
 */
export const createStages = async (
  app: App,
  { configuration, image, playbackKeys = {} }: StagesProps,
): Promise<Readonly<Record<string, StageStacks>>> => {
  const problems = findBucketConflicts(configuration);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const packages = await packageFunctions(configuration);
  const createStage = (stage: string, settings: Configuration["stages"][string]): StageStacks => {
    const props = {
      deployment: {
        project: configuration.project,
        stage,
        ...settings,
        channels: selectChannels(configuration.channels, stage),
      },
      configuration,
      image,
      packages,
      playbackKeys: playbackKeys[stage] ?? [],
    };
    const state = new StateStack(app, props);
    const registry = new RegistryStack(app, props);
    const storage = new StorageStack(app, props);
    const compute = new ComputeStack(app, props);
    const transcoder = new TranscoderStack(app, props);
    const pipelines = new PipelinesStack(app, props);
    const routing = new RoutingStack(app, props);
    const api = new ApiStack(app, props);
    const site = new SiteStack(app, props);
    for (const stack of [registry, storage]) stack.addDependency(state);
    compute.addDependency(registry);
    compute.addDependency(storage);
    transcoder.addDependency(compute);
    pipelines.addDependency(transcoder);
    routing.addDependency(pipelines);
    api.addDependency(routing);
    site.addDependency(api);
    const stacks = { state, registry, storage, compute, transcoder, pipelines, routing, api, site };
    if (props.deployment.channels.length === 0) return stacks;
    const highlights = new HighlightsStack(app, props);
    highlights.addDependency(site);
    return { ...stacks, highlights };
  };
  return Object.fromEntries(
    Object.entries(configuration.stages).map(([stage, settings]) => [stage, createStage(stage, settings)]),
  );
};
