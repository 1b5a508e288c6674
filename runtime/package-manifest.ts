import { readFileSync } from "node:fs";
import * as z from "zod";

const manifestSchema = z.object({ version: z.string(), engines: z.object({ node: z.string() }) });

/** Reads version and supported Node.js versions from Reelway's package.json. */
export const readPackageManifest = (): z.infer<typeof manifestSchema> =>
  manifestSchema.parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));
