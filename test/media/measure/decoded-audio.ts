import type { MediaPrograms } from "../../e2e/media-programs.ts";

/** Decoded audio on the timeline of its file: sample 0 is at 0 s, silence where the file has none. */
export interface DecodedAudio {
  readonly sampleRate: number;
  /** Seconds of the first decoded sample. */
  readonly startSeconds: number;
  /** Seconds after the last decoded sample. */
  readonly endSeconds: number;
  readonly channels: readonly Float32Array[];
}

interface AudioFrame {
  readonly seconds: number;
  readonly samples: number;
}

/** Reads the log of the filter `ashowinfo`. */
const parseAudioLog = (log: string) => {
  const frames: AudioFrame[] = [];
  let channelCount = 0;
  let sampleRate = 0;
  for (const [, pts, channels, rate, samples] of log.matchAll(
    /pts_time:(-?[\d.e+-]+).*? channels:(\d+) .*?rate:(\d+) nb_samples:(\d+)/g,
  )) {
    frames.push({ seconds: Number(pts), samples: Number(samples) });
    channelCount = Number(channels);
    sampleRate = Number(rate);
  }
  return { frames, channelCount, sampleRate };
};

/** Options of decoding a track. */
export interface DecodeOptions {
  /** Index among the tracks of its kind; default 0. */
  readonly track?: number;
  /** Times as stored, not from the start of the file: for tracks that are files of their own, such as CMAF tracks. */
  readonly isAbsolute?: boolean;
  /** Arguments before the input. */
  readonly inputArguments?: readonly string[];
}

/** Decodes an audio track and places each frame at its timestamp. What lies before 0 s is left out. */
export const decodeAudio = async (
  programs: MediaPrograms,
  path: string,
  { track = 0, isAbsolute = false, inputArguments = [] }: DecodeOptions = {},
): Promise<DecodedAudio> => {
  const { output, log } = await programs.ffmpegResult([
    ...(isAbsolute ? ["-copyts"] : []),
    ...[...inputArguments, "-i", path, "-map", `0:a:${track}`, "-af", "ashowinfo"],
    ...["-c:a", "pcm_f32le", "-f", "f32le", "-"],
  ]);
  const { frames, channelCount, sampleRate } = parseAudioLog(log);
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) throw new Error(`${path} has no audio: ${log.slice(-500)}`);
  const endSeconds = last.seconds + last.samples / sampleRate;
  const length = Math.max(0, Math.round(endSeconds * sampleRate));
  const channels = Array.from({ length: channelCount }, () => new Float32Array(length));
  let offset = 0;
  for (const { seconds, samples } of frames) {
    const start = Math.round(seconds * sampleRate);
    for (let index = 0; index < samples; index += 1)
      for (const [channel, target] of channels.entries())
        if (start + index >= 0)
          target[start + index] = output.readFloatLE(offset + (index * channelCount + channel) * 4);
    offset += samples * channelCount * 4;
  }
  return { sampleRate, startSeconds: first.seconds, endSeconds, channels };
};
