import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  aacArguments,
  buildLavfiInputs,
  chordGraph,
  fastH264Arguments,
  makeMedia,
  sweepGraph,
} from "../../adapters/local/lavfi.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import type { UploadFile } from "../../runtime/upload-file.ts";
import { watermarkArguments } from "./watermark.ts";

/** A sample file; it is uploaded once per key. */
interface Sample {
  readonly file: string;
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
  /** Sets the container's rotation to 90°, as an upright phone does. */
  readonly rotate?: true;
}

const samples: readonly Sample[] = [
  {
    file: "mark.png",
    keys: ["watermarks/default.png"],
    arguments: watermarkArguments,
  },
  {
    file: "welcome.mp4",
    keys: ["welcome.mp4", "unprocessed-videos/welcome.mp4"],
    arguments: [
      ...buildLavfiInputs("testsrc2=s=1280x720:r=30:d=5", chordGraph),
      "-t",
      "5",
      ...fastH264Arguments,
      ...aacArguments,
    ],
  },
  {
    file: "lecture.mkv",
    keys: ["lecture.mkv"],
    arguments: [
      ...buildLavfiInputs("mandelbrot=s=960x540:r=25:end_scale=0.02:maxiter=600", sweepGraph),
      "-t",
      "6",
      ...fastH264Arguments,
      ...aacArguments,
    ],
  },
  {
    file: "portrait.mov",
    keys: ["responses/portrait.mov", "thumbnails/portrait.mov"],
    arguments: [
      ...buildLavfiInputs("testsrc=s=640x360:r=30:d=4", chordGraph),
      "-t",
      "4",
      ...fastH264Arguments,
      ...aacArguments,
    ],
    rotate: true,
  },
  {
    file: "voice.wav",
    keys: ["voice.wav"],
    arguments: [...buildLavfiInputs(sweepGraph), "-t", "8", "-c:a", "pcm_s16le"],
  },
  {
    file: "card.png",
    keys: ["images/card.png"],
    arguments: [...buildLavfiInputs("mandelbrot=s=2000x1250:start_scale=0.6:maxiter=300"), "-frames:v", "1"],
  },
];

/**
 * Generates the sample files and returns the uploads, the watermark first.
 *
 * @throws CommandError if ffmpeg fails; the signal's reason if aborted
 */
export const makeSamples = async (
  ffmpeg: string,
  directory: string,
  { prefix, signal }: { readonly prefix: string; readonly signal: AbortSignal },
): Promise<readonly UploadFile[]> => {
  await mkdir(directory, { recursive: true });
  const clips = samples.map(async (sample) => {
    const path = join(directory, sample.file);
    const make = (ffmpegArguments: readonly string[]) => makeMedia(ffmpeg, ffmpegArguments, signal);
    try {
      if (sample.rotate === true) {
        const unrotatedPath = join(directory, `level-${sample.file}`);
        await make([...sample.arguments, unrotatedPath]);
        // Stream copy keeps the rotation; encoders drop it.
        await make(["-i", unrotatedPath, "-c", "copy", "-metadata:s:v:0", "rotate=90", path]);
        await rm(unrotatedPath);
      } else await make([...sample.arguments, path]);
    } catch (cause) {
      signal.throwIfAborted();
      throw new CommandError(`Could not generate the sample ${sample.file}: ${formatError(cause)}`, {
        cause,
      });
    }
    const { size } = await stat(path);
    return sample.keys.map((key) => ({
      path,
      key: key.startsWith("watermarks/") ? key : `${prefix}${key}`,
      bytes: size,
    }));
  });
  return (await Promise.all(clips)).flat();
};
