import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { importModule } from "../../build/import-module.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { CommandError, formatError, UsageError, UserError } from "../../pipeline/errors/errors.ts";

const fileName = "reelway.config.ts";

const readConfigurationFile = async (path: string): Promise<Configuration> => {
  try {
    const module = await importModule(path);
    if (!("default" in module))
      throw new UsageError(
        `${relative("", path)} has no default export. Export the configuration: export default defineConfig({ … })`,
      );
    return parseConfiguration(module.default);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new CommandError(`${relative("", path)} cannot be read: ${formatError(cause)}`, { cause });
  }
};

/**
 * Reads `reelway.config.ts` in the working directory, or the file that REELWAY_CONFIG names.
 *
 * @throws ConfigurationError that lists its errors; UsageError if it or its default export does not exist; CommandError if it cannot be read
 */
export const readConfiguration = async (): Promise<Configuration> => {
  const path = resolve(process.env.REELWAY_CONFIG || fileName);
  if (!existsSync(path))
    throw new UsageError(
      `${path} does not exist. Run this command in a project's folder. To create a project: npx reelway init`,
    );
  return readConfigurationFile(path);
};

/**
 * Reads the same file; without one, the configuration that `reelway init` writes.
 *
 * @throws ConfigurationError that lists its errors; CommandError if it cannot be read
 */
export const readConfigurationOrDefault = (): Promise<Configuration> =>
  process.env.REELWAY_CONFIG || existsSync(fileName)
    ? readConfiguration()
    : readConfigurationFile(join(packageDirectory, fileName));
