import type { Capabilities } from "../../../pipeline/encoding/capabilities.ts";
import { capabilitiesMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import {
  type ComponentList,
  parseCapabilities,
  parseComponents,
} from "../../../pipeline/encoding/parse-capabilities.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { RecipeName } from "../../../pipeline/recipes/recipe.ts";
import { runChild } from "./child.ts";

const queryFfmpeg = async (
  ffmpeg: string,
  option: string,
  signal: AbortSignal,
): Promise<{ readonly output: string; readonly banner: string }> => {
  let output = "";
  try {
    const result = await runChild(ffmpeg, [option], {
      signal,
      timeoutSeconds: 30,
      graceSeconds: 1,
      memory: capabilitiesMemoryLimit,
      onOutput: (text) => {
        output += text;
      },
    });
    if (result.code === 0) return { output, banner: result.log };
    throw new Error(`exit ${result.code ?? result.signal}`);
  } catch (cause) {
    signal.throwIfAborted();
    throw new JobFailure(
      9000,
      `Running ${ffmpeg} ${option} failed: ${String(cause)}. Set FFMPEG_PATH to a working ffmpeg binary.`,
      { cause },
    );
  }
};

/** Lists the components of an ffmpeg build. @throws JobFailure 9000 if it cannot be run */
export const listComponents = async (
  ffmpeg: string,
  list: ComponentList,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> =>
  parseComponents(list, (await queryFfmpeg(ffmpeg, `-${list}`, signal)).output);

/**
 * Probes the capabilities of an ffmpeg build that the plan of a recipe needs, with one start of ffmpeg, which loads 200
 * libraries. Encoders are listed only for presets: only these name encoders that a build may lack.
 *
 * @throws JobFailure 9000 if it cannot be run
 */
export const probeCapabilities = async (
  ffmpeg: string,
  recipe: RecipeName,
  signal: AbortSignal,
): Promise<Capabilities> => {
  if (recipe !== "transcode") {
    const { output } = await queryFfmpeg(ffmpeg, "-version", signal);
    return parseCapabilities(output, new Set());
  }
  const { banner, output } = await queryFfmpeg(ffmpeg, "-encoders", signal);
  return parseCapabilities(banner, parseComponents("encoders", output));
};
