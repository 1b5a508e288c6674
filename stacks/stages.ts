import type { App } from "#cdktf";
import { findBucketConflicts } from "../modules/bucket-conflicts.ts";
import { packageFunctions } from "../modules/function-packages.ts";
import type { StageStack } from "../modules/stack.ts";
import type { StackName } from "../modules/stack-order.ts";
import type { WorkerImage } from "../modules/worker-image.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { ConfigurationError } from "../pipeline/configuration/schema.ts";
import { ApiStack } from "./api.ts";
import { ComputeStack } from "./compute.ts";
import { PipelinesStack } from "./pipelines.ts";
import { RegistryStack } from "./registry.ts";
import { RoutingStack } from "./routing.ts";
import { StateStack } from "./state.ts";
import { StorageStack } from "./storage.ts";
import { TranscoderStack } from "./transcoder.ts";

/** The stacks of one stage, by name. */
export type StageStacks = Readonly<Record<StackName, StageStack>>;

/** Properties of `createStages`. */
export interface StagesProps {
  /** The configuration, e.g. from `readConfiguration`. */
  readonly configuration: Configuration;
  /** The worker's image, e.g. from `readImageRecord`. */
  readonly image: WorkerImage;
}

/**
 * Creates the stacks of every stage of a configuration, with their dependencies.
 *
 * @returns the stacks by stage
 * @throws ConfigurationError if stages or purposes share a bucket; HookError if a hook cannot be used
 */
export const createStages = async (
  app: App,
  { configuration, image }: StagesProps,
): Promise<Readonly<Record<string, StageStacks>>> => {
  const problems = findBucketConflicts(configuration);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const packages = await packageFunctions(configuration);
  const createStage = (stage: string, settings: Configuration["stages"][string]): StageStacks => {
    const props = {
      deployment: { project: configuration.project, stage, ...settings },
      configuration,
      image,
      packages,
    };
    const state = new StateStack(app, props);
    const registry = new RegistryStack(app, props);
    const storage = new StorageStack(app, props);
    const compute = new ComputeStack(app, props);
    const transcoder = new TranscoderStack(app, props);
    const pipelines = new PipelinesStack(app, props);
    const routing = new RoutingStack(app, props);
    const api = new ApiStack(app, props);
    for (const stack of [registry, storage]) stack.addDependency(state);
    compute.addDependency(registry);
    compute.addDependency(storage);
    transcoder.addDependency(compute);
    pipelines.addDependency(transcoder);
    routing.addDependency(pipelines);
    api.addDependency(routing);
    return { state, registry, storage, compute, transcoder, pipelines, routing, api };
  };
  return Object.fromEntries(
    Object.entries(configuration.stages).map(([stage, settings]) => [stage, createStage(stage, settings)]),
  );
};
