import type { JobSource } from "../attempts/source.ts";
import type { Limits } from "../configuration/configuration.ts";
import { JobFailure } from "../errors/job-error.ts";

const formatMebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/**
 * Rejects a source over `maxSourceBytes`.
 *
 * @throws JobFailure 4005
 */
export const checkSourceSize = (source: JobSource, limits: Pick<Limits, "maxSourceBytes">): void => {
  if (source.bytes > limits.maxSourceBytes)
    throw new JobFailure(
      4005,
      `${source.key} is ${formatMebibytes(source.bytes)}, over the limit maxSourceBytes of ${formatMebibytes(limits.maxSourceBytes)}. Upload a smaller file or raise the limit.`,
    );
};
