import type { MediaFacts } from "../inputs/media-input.ts";
import { listToneFrequencies } from "../measure/tones.ts";
import { type Check, checkRange, checkText, type RecipeOutputs } from "./check.ts";

type FindPath = (outputs: RecipeOutputs) => string;

const formatTones = (tones: readonly (readonly number[])[]): string =>
  tones.map((channel) => channel.join("+") || "silence").join(" | ");

/**
 * What a recipe does with the level of audio: makes every source equally loud; measures the encoded peaks, so that none
 * exceeds full scale; or only limits them before the encoder.
 */
type LevelControl = "normalized" | "measured" | "limited";

/** Tones and loudness of an output. */
export const buildAudioChecks = (
  facts: MediaFacts,
  findPath: FindPath,
  control: LevelControl = "limited",
): readonly Check[] => {
  const checks: Check[] = [];
  if (facts.tones !== undefined)
    checks.push(
      checkText("tones, Hz", formatTones(facts.tones), async (outputs) =>
        formatTones(listToneFrequencies(await outputs.media.audio(findPath(outputs)), [300, 900])),
      ),
    );
  if (facts.isLoud === true && control === "normalized")
    checks.push(
      checkRange(
        "loudness",
        [-17, -15],
        "LUFS",
        async (outputs) => (await outputs.media.loudness(findPath(outputs))).integratedLufs,
      ),
    );
  if (facts.isLoud === true && (control !== "limited" || facts.hasExtremePeaks !== true))
    checks.push(
      checkRange(
        "true peak",
        [-Infinity, control === "normalized" ? -1.5 : 0],
        "dBTP",
        async (outputs) => (await outputs.media.loudness(findPath(outputs))).truePeakDbtp,
      ),
    );
  return checks;
};
