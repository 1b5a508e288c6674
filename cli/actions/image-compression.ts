import { UsageError } from "../../pipeline/errors/errors.ts";
import type { Compression } from "../../terraform/image/engine-names.ts";

/**
 * Checks the compression of an image against the stage that runs it.
 *
 * @throws UsageError for zstd in a stage with channels, whose watchers run the image on AWS Lambda
 */
export const checkCompression = (
  compression: Compression | undefined,
  { channels = [] }: { readonly channels?: readonly unknown[] },
): { readonly compression?: Compression } => {
  if (compression === "zstd" && channels.length > 0)
    throw new UsageError(
      "The stage has channels, whose watchers run the image on AWS Lambda, which does not document zstd layers. Omit --compression.",
    );
  return compression === undefined ? {} : { compression };
};
