import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { chord, lavfi, makeMedia, mark, quickly, sound, sweep } from "../../adapters/local/lavfi.ts";
import { CommandFailed, oneLine } from "../../pipeline/errors/user-error.ts";
import type { NamedFile } from "../../runtime/client.ts";

/** A file the demo makes. `keys` are what it is uploaded as. */
interface Sample {
  readonly file: string;
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
  /** Says in the container that the picture is to be turned, as a phone held upright does. */
  readonly rotate?: true;
}

const samples: readonly Sample[] = [
  {
    file: "mark.png",
    keys: ["watermarks/default.png"],
    arguments: [...lavfi(mark), "-frames:v", "1"],
  },
  {
    file: "welcome.mp4",
    keys: ["welcome.mp4", "unprocessed-videos/welcome.mp4"],
    arguments: [...lavfi("testsrc2=s=1280x720:r=30:d=5", chord), "-t", "5", ...quickly, ...sound],
  },
  {
    file: "lecture.mkv",
    keys: ["lecture.mkv"],
    arguments: [
      ...lavfi("mandelbrot=s=960x540:r=25:end_scale=0.02:maxiter=600", sweep),
      "-t",
      "6",
      ...quickly,
      ...sound,
    ],
  },
  {
    file: "portrait.mov",
    keys: ["responses/portrait.mov", "thumbnails/portrait.mov"],
    arguments: [...lavfi("testsrc=s=640x360:r=30:d=4", chord), "-t", "4", ...quickly, ...sound],
    rotate: true,
  },
  {
    file: "voice.wav",
    keys: ["voice.wav"],
    arguments: [...lavfi(sweep), "-t", "8", "-c:a", "pcm_s16le"],
  },
  {
    file: "card.png",
    keys: ["images/card.png"],
    arguments: [...lavfi("mandelbrot=s=2000x1250:start_scale=0.6:maxiter=300"), "-frames:v", "1"],
  },
];

/**
 * Makes the samples and answers what to upload, the watermark first.
 *
 * @throws CommandFailed where ffmpeg cannot make one; the signal's reason
 */
export const makeSamples = async (
  ffmpeg: string,
  directory: string,
  { prefix, signal }: { readonly prefix: string; readonly signal: AbortSignal },
): Promise<readonly NamedFile[]> => {
  await mkdir(directory, { recursive: true });
  const made = samples.map(async (sample) => {
    const path = join(directory, sample.file);
    const make = (given: readonly string[]) => makeMedia(ffmpeg, given, signal);
    try {
      if (sample.rotate === true) {
        const level = join(directory, `level-${sample.file}`);
        await make([...sample.arguments, level]);
        // Only a copy keeps this: an encoder drops it, in old builds and new.
        await make(["-i", level, "-c", "copy", "-metadata:s:v:0", "rotate=90", path]);
        await rm(level);
      } else await make([...sample.arguments, path]);
    } catch (cause) {
      signal.throwIfAborted();
      throw new CommandFailed(`The sample ${sample.file} could not be made: ${oneLine(cause)}`, { cause });
    }
    const { size } = await stat(path);
    return sample.keys.map((key) => ({
      path,
      key: key.startsWith("watermarks/") ? key : `${prefix}${key}`,
      bytes: size,
    }));
  });
  return (await Promise.all(made)).flat();
};
