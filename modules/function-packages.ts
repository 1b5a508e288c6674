import type { FunctionPackage } from "./function-package.ts";

/** The functions of a stage; each is a folder of `lambdas/`. */
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
export type FunctionPackages = Readonly<Record<(typeof functionNames)[number], FunctionPackage>>;
