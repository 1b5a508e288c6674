import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { packageDirectory } from "../build/package-directory.ts";

const manifestSchema = z.object({ version: z.string(), engines: z.object({ node: z.string() }) });

/** Reads version and supported Node.js versions from Reelway's package.json. */
export const readPackageManifest = (): z.infer<typeof manifestSchema> =>
  manifestSchema.parse(JSON.parse(readFileSync(join(packageDirectory, "package.json"), "utf8")));
