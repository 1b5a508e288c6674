import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import { capabilitiesMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { parseCapabilities } from "../../pipeline/encoding/parse-capabilities.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { RecipeName } from "../../pipeline/recipes/recipe.ts";
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

/** A list that an ffmpeg build prints. */
type CapabilityList = "encoders" | "muxers" | "filters";

/**
 * The lists that the plan of a recipe needs. Each costs a start of ffmpeg, which loads 200 libraries. Only presets name
 * encoders that a build may lack.
 */
export const getRequiredLists = (recipe: RecipeName): readonly CapabilityList[] =>
  recipe === "transcode" ? ["encoders"] : [];

/**
 * Probes the capabilities of an ffmpeg build.
 *
 * @param lists those to read; the others are empty
 * @throws JobFailure 9000 if it cannot be run
 */
export const probeCapabilities = async (
  ffmpeg: string,
  signal: AbortSignal,
  lists: readonly CapabilityList[] = ["encoders", "muxers", "filters"],
): Promise<Capabilities> => {
  const readList = async (list: CapabilityList) =>
    lists.includes(list) ? await queryFfmpeg(ffmpeg, `-${list}`, signal) : "";
  const [version, encoders, muxers, filters] = await Promise.all([
    queryFfmpeg(ffmpeg, "-version", signal),
    readList("encoders"),
    readList("muxers"),
    readList("filters"),
  ]);
  return parseCapabilities({ version, encoders, muxers, filters });
};
