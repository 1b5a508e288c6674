import type { Deployment, DeploymentNames } from "../../modules/names.ts";
import type { TaskSizes } from "../../pipeline/routing/task-sizes.ts";
import type { ImageRecord } from "../image/image-record.ts";
import type { StackResources } from "../runner/stack-resources.ts";

/** A stage to check, deployed or not. */
export interface StageTarget {
  readonly deployment: Deployment;
  readonly names: DeploymentNames;
  readonly taskSizes: TaskSizes;
  /** Resources of all its synthesized stacks. */
  readonly resources: StackResources;
  /** The recorded image of the worker. @default the image is not checked */
  readonly image?: ImageRecord;
}
