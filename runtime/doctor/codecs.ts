import { probeCapabilities } from "../../docker/ffmpeg/capabilities.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { containerDemuxers, imageDemuxers } from "../../pipeline/media/demuxers.ts";
import { type CheckResult, ok } from "./check.ts";
import { getFfmpegInstallHint } from "./ffmpeg-install-hint.ts";
import { runProgram } from "./media-facts.ts";

/** What one build of ffmpeg has. */
export interface FfmpegCapabilities {
  readonly encoders: ReadonlySet<string>;
  readonly muxers: ReadonlySet<string>;
  readonly filters: ReadonlySet<string>;
  readonly demuxers: ReadonlySet<string>;
}

const requiredCapabilities = {
  /** What the recipes of the default routes use. */
  recipes: {
    encoders: ["libx264", "aac", "libwebp", "mjpeg", "png"],
    muxers: ["mp4", "hls", "webp", "image2", "null"],
    filters: "scale overlay format fps tile loudnorm transpose crop setsar split setpts trim pan".split(" "),
    demuxers: [...new Set([...containerDemuxers, ...imageDemuxers])],
  },
  /** What other presets of the transcoder API use. */
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

/** Judges a build of ffmpeg by what it has. */
export const checkCodecs = (facts: FfmpegCapabilities, platform: string): CheckResult => {
  const name = "codecs";
  const nextStep = `${getFfmpegInstallHint(platform)} Take a full build, not a minimal one.`;
  const recipes = listMissing(facts, requiredCapabilities.recipes);
  if (recipes !== "")
    return {
      name,
      status: "failure",
      message: `this ffmpeg lacks what the recipes need: ${recipes}`,
      nextStep,
    };
  const presets = listMissing(facts, requiredCapabilities.presets);
  return presets === ""
    ? ok(name, "every encoder, filter and format that recipes and presets use")
    : {
        name,
        status: "warning",
        message: `this ffmpeg lacks ${presets}: jobs of presets that use them end with error 4006`,
        nextStep,
      };
};

/** The names of `ffmpeg -demuxers`; some lines name several. */
export const parseDemuxers = (text: string): ReadonlySet<string> =>
  new Set(text.split("\n").flatMap((line) => /^ {1,2}D[E ]?d? +(\S+)/.exec(line)?.[1]?.split(",") ?? []));

const testEncodeArguments =
  "-v error -nostdin -f lavfi -i testsrc2=s=64x64:d=0.2 -f lavfi -i sine=d=0.2 -c:v libx264 -c:a aac -f null -";

/** Asks ffmpeg what it has, and has it encode a fifth of a second; changes nothing. */
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
      message: `${ffmpeg} does not encode: ${formatError(cause)}`,
      nextStep: getFfmpegInstallHint(process.platform),
    };
  }
};
