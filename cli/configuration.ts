import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { ConfigurationError, parseConfiguration } from "../pipeline/configuration/schema.ts";
import { CommandFailed, oneLine } from "./failure.ts";

/**
 * Reads `reelway.config.ts` of this repository.
 *
 * @throws CommandFailed listing its mistakes
 */
export const loadConfiguration = async (): Promise<Configuration> => {
  try {
    const { default: value } = await import("../reelway.config.ts");
    return parseConfiguration(value);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw new CommandFailed(cause.message, { cause });
    throw new CommandFailed(`reelway.config.ts cannot be read: ${oneLine(cause)}`, { cause });
  }
};
