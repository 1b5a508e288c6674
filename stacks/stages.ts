import type { App } from "#cdktf";
import { findBucketConflicts } from "../modules/bucket-conflicts.ts";
import { packageFunctions } from "../modules/function-packages.ts";
import type { StageStack } from "../modules/stack.ts";
import type { StackName } from "../modules/stack-order.ts";
import type { WorkerImage } from "../modules/worker-image.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { ConfigurationError } from "../pipeline/configuration/schema.ts";
import { createComputeStack } from "./compute.ts";
import { createPipelinesStack } from "./pipelines.ts";
import { createRegistryStack } from "./registry.ts";
import { createRoutingStack } from "./routing.ts";
import { createStateStack } from "./state.ts";
import { createStorageStack } from "./storage.ts";
import { createTranscoderStack } from "./transcoder.ts";

/** The stacks of one stage, by name. */
export type StageStacks = Readonly<Record<StackName, StageStack>>;

/** Props of `createStages`. */
export interface StagesProps {
  readonly configuration: Configuration;
  /** The worker's image: its repository and digest. */
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
    const deployment = { project: configuration.project, stage, ...settings };
    const state = createStateStack(app, deployment);
    const registry = createRegistryStack(app, deployment);
    const storage = createStorageStack(app, deployment);
    const compute = createComputeStack(app, deployment, configuration, image);
    const transcoder = createTranscoderStack(app, deployment, packages);
    const pipelines = createPipelinesStack(app, deployment, configuration);
    const routing = createRoutingStack(app, deployment, configuration, packages);
    for (const stack of [registry, storage]) stack.addDependency(state);
    compute.addDependency(registry);
    compute.addDependency(storage);
    transcoder.addDependency(compute);
    pipelines.addDependency(transcoder);
    routing.addDependency(pipelines);
    return { state, registry, storage, compute, transcoder, pipelines, routing };
  };
  return Object.fromEntries(
    Object.entries(configuration.stages).map(([stage, settings]) => [stage, createStage(stage, settings)]),
  );
};
