import { JobFailure } from "../errors/job-error.ts";
import type { Route } from "./route.ts";
import { renderTemplate } from "./template.ts";

/** S3's limit for a key, bytes of UTF-8 (Amazon S3 user guide, "Naming Amazon S3 objects"). */
export const maxKeyBytes = 1024;

/** Longest file name that a recipe adds to its folder's key, bytes. */
const maxFolderFileNameBytes = 40;

/**
 * Computes the output keys of an object on a route.
 *
 * @throws JobFailure 1000 if a key is longer than S3 allows
 */
export const planOutputKeys = (route: Route, key: string): readonly string[] =>
  route.outputs.map((template) => {
    const output = renderTemplate(template, key, route.prefix);
    const bytes = Buffer.byteLength(output) + (output.endsWith("/") ? maxFolderFileNameBytes : 0);
    if (bytes > maxKeyBytes)
      throw new JobFailure(
        1000,
        `The output key of route "${route.name}" is ${bytes} bytes long; S3 allows ${maxKeyBytes}: ${output.slice(0, 80)}… Upload the file with a shorter name.`,
      );
    return output;
  });
