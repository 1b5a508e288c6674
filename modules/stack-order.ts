/** The stacks of a stage in the order they are applied; each reads only what stands before it. */
export const stackOrder = [
  "state",
  "registry",
  "storage",
  "compute",
  "transcoder",
  "pipelines",
  "routing",
] as const;
export type StackName = (typeof stackOrder)[number];
