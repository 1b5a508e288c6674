import { toExactFrameRate } from "../../encoding/frame-rate.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { AudioParameters, Preset, VideoParameters } from "../presets/preset.ts";

const mpeg2FrameRates = ["23.97", "24", "25", "29.97", "30", "50", "59.94", "60"];
/** A GIF frame lasts at least 20 ms: players and ffmpeg treat a shorter delay as 100 ms. */
const gifFrameRates = ["10", "15", "23.97", "24", "25", "29.97", "30", "50"];
const mxfFrameRates = ["23.97", "24", "25", "29.97", "50", "59.94"];

const describePreset = ({ Id, Name }: Preset): string => `Preset ${Id} (${Name})`;

/**
 * Frame rates that a preset's codec and container support; undefined: any (ISO/IEC 13818-2, table 6-4;
 * SMPTE ST 377-1). A GIF gets the nearest supported rate.
 *
 * @throws JobFailure 4008 if the preset has an unsupported rate
 */
export const getCodecFrameRates = (preset: Preset, video: VideoParameters): readonly string[] | undefined => {
  if (video.Codec === "gif") return gifFrameRates;
  if (video.Codec !== "mpeg2") return undefined;
  const rates = preset.Container === "mxf" ? mxfFrameRates : mpeg2FrameRates;
  const rate = video.FrameRate ?? "auto";
  if (rate !== "auto" && !rates.some((candidate) => toExactFrameRate(candidate) === toExactFrameRate(rate)))
    throw new JobFailure(
      4008,
      `${describePreset(preset)} requires ${rate} frames per second; MPEG-2 in ${preset.Container} supports ${rates.join(", ")}.`,
    );
  return rates;
};

const mpegSampleRates = [22050, 32000, 44100, 48000];
const getSampleRates = (preset: Preset, { Codec }: AudioParameters): readonly number[] | undefined => {
  if (preset.Container === "mxf") return [48000];
  if (preset.Container === "flv" && Codec === "mp3") return [22050, 44100];
  if (Codec === "mp3" || Codec === "mp2") return mpegSampleRates;
  return Codec === "AAC" ? [...mpegSampleRates, 96000] : undefined;
};

/**
 * Sample rate of a preset's audio in Hz; undefined to keep the source's.
 *
 * @param sourceRate Hz
 * @throws JobFailure 4008 if the codec or the container does not support the preset's rate
 */
export const resolveSampleRate = (
  preset: Preset,
  audio: AudioParameters,
  sourceRate: number,
): number | undefined => {
  const rates = getSampleRates(preset, audio);
  if (audio.SampleRate !== "auto") {
    const rate = Number(audio.SampleRate);
    if (rates !== undefined && !rates.includes(rate))
      throw new JobFailure(
        4008,
        `${describePreset(preset)} requires a sample rate of ${rate} Hz; ${audio.Codec} in ${preset.Container} supports ${rates.join(", ")}.`,
      );
    return rate;
  }
  if (rates === undefined || rates.includes(sourceRate)) return undefined;
  return rates.find((rate) => rate >= sourceRate) ?? rates.at(-1);
};
