import { JobFailure } from "../errors/job-error.ts";
import type { Route } from "./route.ts";
import { renderTemplate } from "./template.ts";

/** S3's limit of a key, bytes of UTF-8 (Amazon S3 user guide, "Naming Amazon S3 objects"). */
export const maxKeyBytes = 1024;

/** The longest name a folder recipe adds to its folder's key, bytes. */
const maxFolderFileNameBytes = 40;

/**
 * The output keys of an object on a route.
 *
 * @throws JobFailure 1000 where a key would be longer than S3 allows
 */
export const planOutputKeys = (route: Route, key: string): readonly string[] =>
  route.outputs.map((template) => {
    const output = renderTemplate(template, key, route.prefix);
    const bytes = Buffer.byteLength(output) + (output.endsWith("/") ? maxFolderFileNameBytes : 0);
    if (bytes > maxKeyBytes)
      throw new JobFailure(
        1000,
        `The output key of route "${route.name}" would be ${bytes} bytes long, S3 allows ${maxKeyBytes}: ${output.slice(0, 80)}… Upload the file under a shorter name.`,
      );
    return output;
  });
