import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { ConfigurationError, parseConfiguration } from "../pipeline/configuration/schema.ts";
import { CommandFailed, oneLine } from "../pipeline/errors/user-error.ts";

/** On one machine capacity is back as soon as a worker has gone: nothing is won by a longer pause, seconds. */
const longestBackoff = 2;

/**
 * Reads `reelway.config.ts` of this repository, or the module that REELWAY_CONFIG names, as synth does.
 *
 * @throws CommandFailed listing its mistakes
 */
export const readConfiguration = async (): Promise<Configuration> => {
  const other = process.env.REELWAY_CONFIG;
  try {
    const module: { readonly default?: unknown } =
      other === undefined || other === ""
        ? await import("../reelway.config.ts")
        : await import(pathToFileURL(resolve(other)).href);
    return parseConfiguration(module.default);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw new CommandFailed(cause.message, { cause });
    throw new CommandFailed(`${other || "reelway.config.ts"} cannot be read: ${oneLine(cause)}`, { cause });
  }
};

/**
 * The configuration as one machine works it.
 *
 * @throws CommandFailed listing its mistakes
 */
export const loadConfiguration = async (): Promise<Configuration> => {
  const configuration = await readConfiguration();
  const { limits } = configuration;
  const retryBackoffSeconds = Math.min(limits.retryBackoffSeconds, longestBackoff);
  return { ...configuration, limits: { ...limits, retryBackoffSeconds } };
};
