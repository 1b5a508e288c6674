import { join, resolve } from "node:path";
import { importModule } from "../build/import-module.ts";
import { packageDirectory } from "../build/package-directory.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { parseConfiguration } from "../pipeline/configuration/schema.ts";
import { CommandError, formatError, UserError } from "../pipeline/errors/errors.ts";

/** Seconds. On one machine capacity is free again as soon as a worker ends, so longer pauses gain nothing. */
const maxBackoffSeconds = 2;

/**
 * Reads `reelway.config.ts` of this repository, or the module that REELWAY_CONFIG names, like synth.
 *
 * @throws ConfigurationError that lists its errors; CommandError if it cannot be read
 */
export const readConfiguration = async (): Promise<Configuration> => {
  const configurationPath = process.env.REELWAY_CONFIG;
  try {
    const path = configurationPath ? resolve(configurationPath) : join(packageDirectory, "reelway.config.ts");
    return parseConfiguration((await importModule(path)).default);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new CommandError(
      `${configurationPath || "reelway.config.ts"} cannot be read: ${formatError(cause)}`,
      { cause },
    );
  }
};

/**
 * Reads the configuration with the retry backoff shortened for one machine.
 *
 * @throws ConfigurationError that lists its errors; CommandError if it cannot be read
 */
export const readLocalConfiguration = async (): Promise<Configuration> => {
  const configuration = await readConfiguration();
  const { limits } = configuration;
  const retryBackoffSeconds = Math.min(limits.retryBackoffSeconds, maxBackoffSeconds);
  return { ...configuration, limits: { ...limits, retryBackoffSeconds } };
};
