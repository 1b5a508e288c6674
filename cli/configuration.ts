import { readConfigurationOrDefault } from "../adapters/local/configuration-file.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";

/** Seconds. On one machine capacity is free again as soon as a worker ends, so longer pauses gain nothing. */
const maxBackoffSeconds = 2;

/**
 * Reads the configuration with the retry backoff shortened for one machine.
 *
 * @throws ConfigurationError that lists its errors; CommandError if it cannot be read
 */
export const readLocalConfiguration = async (): Promise<Configuration> => {
  const configuration = await readConfigurationOrDefault();
  const { limits } = configuration;
  const retryBackoffSeconds = Math.min(limits.retryBackoffSeconds, maxBackoffSeconds);
  return { ...configuration, limits: { ...limits, retryBackoffSeconds } };
};
