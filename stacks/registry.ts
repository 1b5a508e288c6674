import type { Construct } from "constructs";
import { ImageRepository } from "../modules/image-repository.ts";
import type { Deployment } from "../modules/names.ts";
import { StageStack } from "../modules/stack.ts";

/** Creates the registry stack: the repository of the worker's image. */
export const createRegistryStack = (scope: Construct, deployment: Deployment): StageStack => {
  const stack = new StageStack(scope, deployment, "registry");
  new ImageRepository(stack, "worker", { name: stack.names.imageRepository });
  return stack;
};
