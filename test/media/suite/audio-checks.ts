import type { MediaFacts } from "../inputs/media-input.ts";
import { listToneFrequencies } from "../measure/tones.ts";
import { type Check, checkRange, checkText, type RecipeOutputs } from "./check.ts";

type FindPath = (outputs: RecipeOutputs) => string;

const formatTones = (tones: readonly (readonly number[])[]): string =>
  tones.map((channel) => channel.join("+") || "silence").join(" | ");

/**
 * Tones and loudness of an output.
 *
 * @param isNormalized the recipe makes every source equally loud; else it only must not clip
 */
export const buildAudioChecks = (
  facts: MediaFacts,
  findPath: FindPath,
  isNormalized = false,
): readonly Check[] => {
  const checks: Check[] = [];
  if (facts.tones !== undefined)
    checks.push(
      checkText("tones, Hz", formatTones(facts.tones), async (outputs) =>
        formatTones(listToneFrequencies(await outputs.media.audio(findPath(outputs)), [300, 900])),
      ),
    );
  if (facts.isLoud === true && isNormalized)
    checks.push(
      checkRange(
        "loudness",
        [-17, -15],
        "LUFS",
        async (outputs) => (await outputs.media.loudness(findPath(outputs))).integratedLufs,
      ),
    );
  if (facts.isLoud === true)
    checks.push(
      checkRange(
        "true peak",
        [-Infinity, isNormalized ? -1.5 : 0],
        "dBTP",
        async (outputs) => (await outputs.media.loudness(findPath(outputs))).truePeakDbtp,
      ),
    );
  return checks;
};
