import { listComponents } from "../../docker/ffmpeg/programs/capabilities.ts";
import type { ComponentList } from "../../pipeline/encoding/parse-capabilities.ts";
import {
  type ComponentNames,
  hdrFilters,
  presetComponents,
  recipeComponents,
} from "../../pipeline/encoding/required-components.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { getFfmpegInstallHint } from "./ffmpeg-install-hint.ts";
import { runProgram } from "./media-facts.ts";

/** Names of the components in an ffmpeg build. */
export type FfmpegComponents = Readonly<Record<ComponentList, ReadonlySet<string>>>;

const kinds = ["encoders", "muxers", "filters", "demuxers"] as const;

const listMissing = (components: FfmpegComponents, names: ComponentNames): string =>
  kinds
    .flatMap((kind) => {
      const missing = names[kind].filter((name) => !components[kind].has(name));
      return missing.length === 0 ? [] : [`${kind} ${missing.join(", ")}`];
    })
    .join("; ");

/** Checks an ffmpeg build for the components that recipes and presets need. */
export const checkCodecs = (components: FfmpegComponents, platform: string): CheckResult => {
  const name = "codecs";
  const nextStep = `${getFfmpegInstallHint(platform)} Use a full build, not a minimal one.`;
  const recipes = listMissing(components, recipeComponents);
  if (recipes !== "")
    return {
      name,
      status: "failure",
      message: `this ffmpeg lacks components that the recipes need: ${recipes}`,
      nextStep,
    };
  const presets = listMissing(components, presetComponents);
  return presets === ""
    ? ok(name, "all encoders, filters and formats of recipes and presets are available")
    : {
        name,
        status: "warning",
        message: `this ffmpeg lacks ${presets}; jobs with presets that use them fail with error 4006 or 9000`,
        nextStep,
      };
};

/** Checks an ffmpeg build for the filters that convert HDR and BT.2020 to SDR. */
export const checkHdrFilters = (
  { filters }: Pick<FfmpegComponents, "filters">,
  platform: string,
): CheckResult => {
  const name = "HDR";
  const missing = hdrFilters.filter((filter) => !filters.has(filter));
  return missing.length === 0
    ? ok(name, "the filters zscale and tonemap are available")
    : {
        name,
        status: "warning",
        message: `this ffmpeg lacks filters ${missing.join(", ")}; jobs with HDR or BT.2020 sources fail with error 9000`,
        nextStep: `${getFfmpegInstallHint(platform)} Use a build with zimg (--enable-libzimg).`,
      };
};

const testEncodeArguments =
  "-v error -nostdin -f lavfi -i testsrc2=s=64x64:d=0.2 -f lavfi -i sine=d=0.2 -c:v libx264 -c:a aac -f null -";

/** Lists ffmpeg's components and runs a test encode of 0.2 s. Changes nothing. */
export const runCodecChecks = async (ffmpeg: string): Promise<readonly CheckResult[]> => {
  try {
    const { signal } = new AbortController();
    const [encoders, muxers, filters, demuxers] = await Promise.all([
      listComponents(ffmpeg, "encoders", signal),
      listComponents(ffmpeg, "muxers", signal),
      listComponents(ffmpeg, "filters", signal),
      listComponents(ffmpeg, "demuxers", signal),
    ]);
    const result = checkCodecs({ encoders, muxers, filters, demuxers }, process.platform);
    if (result.status !== "failure") await runProgram(ffmpeg, testEncodeArguments.split(" "));
    return [result, checkHdrFilters({ filters }, process.platform)];
  } catch (cause) {
    return [
      {
        name: "codecs",
        status: "failure",
        message: `the test encode with ${ffmpeg} failed: ${formatError(cause)}`,
        nextStep: getFfmpegInstallHint(process.platform),
      },
    ];
  }
};
