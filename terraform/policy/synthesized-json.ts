import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ManifestError, readStacks } from "../runner/stacks.ts";

/**
 * Reads the JSON of synthesized stacks by name, in the order of their application.
 *
 * @param outdir synth output folder, e.g. `cdktf.out`
 * @param stage @default all stages
 * @throws ManifestError if the folder has no synth output, or a stack is not valid JSON
 */
export const readSynthesizedJson = async (
  outdir: string,
  stage?: string,
): Promise<ReadonlyMap<string, unknown>> =>
  new Map(
    await Promise.all(
      (await readStacks(outdir, stage)).map(async ({ name, directory }): Promise<[string, unknown]> => {
        try {
          return [name, JSON.parse(await readFile(join(directory, "cdk.tf.json"), "utf8"))];
        } catch (cause) {
          throw new ManifestError(outdir, `names ${name}, whose cdk.tf.json cannot be read`, { cause });
        }
      }),
    ),
  );
