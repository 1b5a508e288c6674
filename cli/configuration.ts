import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { ConfigurationError, parseConfiguration } from "../pipeline/configuration/schema.ts";
import { CommandFailed, oneLine } from "./failure.ts";

/** On one machine capacity is back as soon as a worker has gone: nothing is won by a longer pause, seconds. */
const longestBackoff = 2;

/**
 * Reads `reelway.config.ts` of this repository.
 *
 * @throws CommandFailed listing its mistakes
 */
export const loadConfiguration = async (): Promise<Configuration> => {
  try {
    const { default: value } = await import("../reelway.config.ts");
    const configuration = parseConfiguration(value);
    const { limits } = configuration;
    const retryBackoffSeconds = Math.min(limits.retryBackoffSeconds, longestBackoff);
    return { ...configuration, limits: { ...limits, retryBackoffSeconds } };
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw new CommandFailed(cause.message, { cause });
    throw new CommandFailed(`reelway.config.ts cannot be read: ${oneLine(cause)}`, { cause });
  }
};
