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

const queryFfmpeg = async (ffmpeg: string, option: string, signal: AbortSignal): Promise<string> => {
  let output = "";
  try {
    const result = await runChild(ffmpeg, ["-hide_banner", option].slice(option === "-version" ? 1 : 0), {
      signal,
      timeoutSeconds: 30,
      graceSeconds: 1,
      memory: capabilitiesMemoryLimit,
      onOutput: (text) => {
        output += text;
      },
    });
    if (result.code === 0) return output;
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
): Promise<ReadonlySet<string>> => parseComponents(list, await queryFfmpeg(ffmpeg, `-${list}`, signal));

/**
 * Probes the capabilities of an ffmpeg build that the plan of a recipe needs. A list costs a start of ffmpeg, which loads
 * 200 libraries, so encoders are listed only for presets: only these name encoders that a build may lack.
 *
 * @throws JobFailure 9000 if it cannot be run
 */
export const probeCapabilities = async (
  ffmpeg: string,
  recipe: RecipeName,
  signal: AbortSignal,
): Promise<Capabilities> => {
  const [versionText, encoders] = await Promise.all([
    queryFfmpeg(ffmpeg, "-version", signal),
    recipe === "transcode" ? listComponents(ffmpeg, "encoders", signal) : new Set<string>(),
  ]);
  return parseCapabilities(versionText, encoders);
};
