/** The stacks of a stage in the order of their application; each reads only outputs of earlier ones. */
export const stackOrder = [
  "state",
  "registry",
  "storage",
  "compute",
  "transcoder",
  "pipelines",
  "routing",
  "api",
  "site",
  "highlights",
] as const;
/** Name of a stack within its stage. */
export type StackName = (typeof stackOrder)[number];
