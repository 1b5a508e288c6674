export { readConfiguration } from "../adapters/local/configuration-file.ts";
export type { Arns } from "../modules/arns.ts";
export { PrivateBucket, type PrivateBucketProps } from "../modules/bucket.ts";
export { BucketReference, type BucketReferenceProps } from "../modules/bucket-reference.ts";
export { matchCreatedObjects, matchStoppedTasks } from "../modules/event-patterns.ts";
export { type FunctionPackages, packageFunctions } from "../modules/function-packages.ts";
export { LogGroup, type LogGroupProps } from "../modules/log-group.ts";
export { buildDeploymentNames, type Deployment, type DeploymentNames } from "../modules/names.ts";
export type {
  PlaybackPublicKey,
  PlaybackPublicKeys,
} from "../modules/playback-keys.ts";
export { EventQueue, type EventQueueProps, Queue, type QueueProps } from "../modules/queue.ts";
export { type Permission, ServiceRole, type ServiceRoleProps } from "../modules/role.ts";
export { StageStack, type StageStackProps } from "../modules/stack.ts";
export { type TableAccess, TableReference, type TableReferenceProps } from "../modules/table-reference.ts";
export { Topic, type TopicProps } from "../modules/topic.ts";
export type { WorkerImage } from "../modules/worker-image.ts";
export { WorkerTaskReference, type WorkerTaskReferenceProps } from "../modules/worker-task-reference.ts";
export type { Configuration, JobConfiguration } from "../pipeline/configuration/configuration.ts";
export { ApiStack, type ApiStackProps } from "../stacks/api.ts";
export { ComputeStack, type ComputeStackProps } from "../stacks/compute.ts";
export { HighlightsStack, type HighlightsStackProps } from "../stacks/highlights.ts";
export { PipelinesStack, type PipelinesStackProps } from "../stacks/pipelines.ts";
export { RegistryStack } from "../stacks/registry.ts";
export { RoutingStack, type RoutingStackProps } from "../stacks/routing.ts";
export { SiteStack, type SiteStackProps } from "../stacks/site.ts";
export { createStages, type StageStacks, type StagesProps } from "../stacks/stages.ts";
export { StateStack } from "../stacks/state.ts";
export { StorageStack } from "../stacks/storage.ts";
export { TranscoderStack, type TranscoderStackProps } from "../stacks/transcoder.ts";
export { readImageRecord } from "../terraform/image/image-record.ts";
export { readPlaybackKeys } from "../terraform/playback/key-record.ts";
export { type AddStacks, synthesize } from "./synthesize.ts";
