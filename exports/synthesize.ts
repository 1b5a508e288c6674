import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { App } from "#cdktf";
import { readConfiguration } from "../adapters/local/configuration-file.ts";
import { unprotectedContextKey } from "../modules/stack.ts";
import { createStages, type StageStacks } from "../stacks/stages.ts";
import { readImageRecord } from "../terraform/image/image-record.ts";
import { readPlaybackKeys } from "../terraform/playback/key-record.ts";
import { assertDeadLetterQueues } from "../terraform/policy/dead-letter-queues.ts";
import { readSynthesizedJson } from "../terraform/policy/synthesized-json.ts";

/**
 * Adds stacks to an app.
 *
 * @param stages Reelway's stacks by stage and name
 */
export type AddStacks = (app: App, stages: Readonly<Record<string, StageStacks>>) => void | Promise<void>;

/**
 * Synthesizes the stacks of every stage of `reelway.config.ts` into CDKTF_OUTDIR, else `cdktf.out`. If it fails, no stack
 * is left there.
 *
 * @param addStacks adds stacks of the project's own @default none
 * @throws ConfigurationError; HookError; ImageRecordError; PlaybackKeysError; MissingDeadLetterQueueError
 */
export const synthesize = async (addStacks?: AddStacks): Promise<void> => {
  const outdir = resolve(process.env.CDKTF_OUTDIR || "cdktf.out");
  // Synth does not remove the folders of deleted stacks.
  const removeStacks = () => rm(join(outdir, "stacks"), { recursive: true, force: true });
  await removeStacks();
  try {
    const app = new App({
      outdir,
      context: { [unprotectedContextKey]: (process.env.REELWAY_UNPROTECT ?? "").split(",") },
    });
    const configuration = await readConfiguration();
    const stages = await createStages(app, {
      configuration,
      image: await readImageRecord(),
      playbackKeys: await readPlaybackKeys(),
    });
    await addStacks?.(app, stages);
    app.synth();
    assertDeadLetterQueues(await readSynthesizedJson(outdir));
  } catch (cause) {
    await removeStacks();
    throw cause;
  }
};
