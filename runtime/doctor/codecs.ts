import { probeCapabilities } from "../../docker/ffmpeg/capabilities.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { containerDemuxers, imageDemuxers } from "../../pipeline/media/demuxers.ts";
import { type CheckResult, ok } from "./check.ts";
import { getFfmpegInstallHint } from "./ffmpeg-install-hint.ts";
import { runProgram } from "./media-facts.ts";

/** Names of the components in an ffmpeg build. */
export interface FfmpegCapabilities {
  readonly encoders: ReadonlySet<string>;
  readonly muxers: ReadonlySet<string>;
  readonly filters: ReadonlySet<string>;
  readonly demuxers: ReadonlySet<string>;
}

const requiredCapabilities = {
  /** Used by the recipes of the default routes. */
  recipes: {
    encoders: ["libx264", "aac", "libwebp", "mjpeg", "png"],
    muxers: ["mp4", "hls", "webp", "image2", "null"],
    filters: "scale overlay format fps tile loudnorm transpose crop setsar split setpts trim pan".split(" "),
    demuxers: [...new Set([...containerDemuxers, ...imageDemuxers])],
  },
  /** Used by other presets of the transcoder API. */
  presets: {
    encoders: "libvpx libvpx-vp9 libmp3lame libvorbis mpeg2video mp2 gif flac pcm_s16le".split(" "),
    muxers: ["mpegts", "flv", "vob", "mxf", "webm", "gif", "mp3", "flac", "wav", "ogg"],
    filters: ["pad", "palettegen", "paletteuse"],
    demuxers: [],
  },
} as const;

const kinds = ["encoders", "muxers", "filters", "demuxers"] as const;

const listMissing = (
  facts: FfmpegCapabilities,
  names: (typeof requiredCapabilities)["recipes" | "presets"],
): string =>
  kinds
    .flatMap((kind) => {
      const missing = names[kind].filter((name) => !facts[kind].has(name));
      return missing.length === 0 ? [] : [`${kind} ${missing.join(", ")}`];
    })
    .join("; ");

/** Checks an ffmpeg build for the components that recipes and presets need. */
export const checkCodecs = (facts: FfmpegCapabilities, platform: string): CheckResult => {
  const name = "codecs";
  const nextStep = `${getFfmpegInstallHint(platform)} Use a full build, not a minimal one.`;
  const recipes = listMissing(facts, requiredCapabilities.recipes);
  if (recipes !== "")
    return {
      name,
      status: "failure",
      message: `this ffmpeg lacks components that the recipes need: ${recipes}`,
      nextStep,
    };
  const presets = listMissing(facts, requiredCapabilities.presets);
  return presets === ""
    ? ok(name, "all encoders, filters and formats of recipes and presets are available")
    : {
        name,
        status: "warning",
        message: `this ffmpeg lacks ${presets}; jobs with presets that use them fail with error 4006`,
        nextStep,
      };
};

/** Parses the output of `ffmpeg -demuxers`; a line can name several. */
export const parseDemuxers = (text: string): ReadonlySet<string> =>
  new Set(text.split("\n").flatMap((line) => /^ {1,2}D[E ]?d? +(\S+)/.exec(line)?.[1]?.split(",") ?? []));

const testEncodeArguments =
  "-v error -nostdin -f lavfi -i testsrc2=s=64x64:d=0.2 -f lavfi -i sine=d=0.2 -c:v libx264 -c:a aac -f null -";

/** Lists ffmpeg's components and runs a test encode of 0.2 s. Changes nothing. */
export const runCodecChecks = async (ffmpeg: string): Promise<CheckResult> => {
  try {
    const { signal } = new AbortController();
    const { encoders, muxers, filters } = await probeCapabilities(ffmpeg, signal);
    const demuxers = parseDemuxers(await runProgram(ffmpeg, ["-hide_banner", "-demuxers"]));
    const result = checkCodecs({ encoders, muxers, filters, demuxers }, process.platform);
    if (result.status !== "failure") await runProgram(ffmpeg, testEncodeArguments.split(" "));
    return result;
  } catch (cause) {
    return {
      name: "codecs",
      status: "failure",
      message: `the test encode with ${ffmpeg} failed: ${formatError(cause)}`,
      nextStep: getFfmpegInstallHint(process.platform),
    };
  }
};
