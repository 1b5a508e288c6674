import type { Configuration } from "../pipeline/configuration/configuration.ts";
import type { HookName } from "../pipeline/configuration/hooks-schema.ts";
import {
  serializeApiConfiguration,
  serializeJobConfiguration,
} from "../pipeline/configuration/job-configuration.ts";
import { isOnAws } from "../pipeline/configuration/selected-stages.ts";
import { type FunctionPackage, packageFunction } from "./function-package.ts";

/** The functions of every stage; each has a folder in `lambdas/`. */
const functionNames = [
  "api",
  "response-events",
  "router",
  "job-events",
  "reconciler",
  "sweep",
  "on-output",
  "transcoder-api",
  "transcoder-dispatcher",
  "transcoder-events",
] as const;
/** The function that exists only with the hook `onJobFinished`. */
const jobFinishedFunction = "on-job-finished";
/** The function that exists only with a webhook of a stage on AWS. */
const webhooksFunction = "webhooks";

type FunctionName = (typeof functionNames)[number] | typeof jobFinishedFunction;

/** The packages of all functions by name. */
export type FunctionPackages = Readonly<Record<(typeof functionNames)[number], FunctionPackage>> & {
  readonly [jobFinishedFunction]?: FunctionPackage;
  readonly [webhooksFunction]?: FunctionPackage;
};

const hookNames: Partial<Readonly<Record<FunctionName, HookName>>> = {
  "on-output": "onOutput",
  [jobFinishedFunction]: "onJobFinished",
};

/** Packages the functions of a configuration, with its hooks. @throws HookError */
export const packageFunctions = async (configuration: Configuration): Promise<FunctionPackages> => {
  const { hooks } = configuration;
  const jobConfiguration = serializeJobConfiguration(configuration);
  const names: readonly FunctionName[] =
    hooks.onJobFinished === undefined ? functionNames : [...functionNames, jobFinishedFunction];
  const packages = await Promise.all(
    names.map(async (name) => {
      const hook = hookNames[name];
      const path = hook && hooks[hook];
      const options = hook === undefined || path === undefined ? {} : { hook: { name: hook, path } };
      const functionConfiguration =
        name === "api" ? serializeApiConfiguration(configuration) : jobConfiguration;
      return [name, await packageFunction(name, functionConfiguration, options)] as const;
    }),
  );
  const webhooks = configuration.webhooks.filter(({ stages }) => isOnAws(stages));
  return {
    ...(Object.fromEntries(packages) as FunctionPackages),
    ...(webhooks.length === 0
      ? {}
      : { [webhooksFunction]: await packageFunction(webhooksFunction, JSON.stringify(webhooks)) }),
  };
};
