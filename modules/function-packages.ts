import type { FunctionPackage } from "./function-package.ts";

/** The functions of a stage; each has a folder in `lambdas/`. */
export const functionNames = [
  "router",
  "job-events",
  "reconciler",
  "sweep",
  "on-output",
  "transcoder-api",
  "transcoder-dispatcher",
  "transcoder-events",
] as const;
/** The packages of all functions by name. */
export type FunctionPackages = Readonly<Record<(typeof functionNames)[number], FunctionPackage>>;
