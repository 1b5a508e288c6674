import type { Construct } from "constructs";
import { ImageRepository } from "../modules/image-repository.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";

/** The repository of the worker's image. */
export class RegistryStack extends StageStack {
  constructor(scope: Construct, { deployment }: StageStackProps) {
    super(scope, "registry", { deployment });
    new ImageRepository(this, "worker", { name: this.names.imageRepository });
  }
}
