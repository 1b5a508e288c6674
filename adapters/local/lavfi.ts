import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Fast H.264 with large files. */
export const fastH264Arguments = [
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-crf",
  "20",
  "-pix_fmt",
  "yuv420p",
];
export const aacArguments = ["-c:a", "aac", "-b:a", "128k"];
export const chordGraph =
  "aevalsrc='0.2*sin(2*PI*t*261.6)+0.15*sin(2*PI*t*329.6)+0.15*sin(2*PI*t*392)':s=48000";
export const sweepGraph = "aevalsrc='0.4*sin(2*PI*t*(220+40*t))*(0.6+0.4*sin(2*PI*t*2))':s=44100";

/** A white disc with a triangular hole on a transparent background. */
export const watermarkGraph =
  "color=c=white:s=160x160,format=rgba,geq=r=255:g=255:b=255:a='if(lt(hypot(X-80,Y-80),76),if(between(X,58,116)*lt(abs(Y-80),(116-X)*0.6),0,220),0)'";

/** Builds ffmpeg's arguments for generated inputs. All filters here exist in the packaged ffmpeg of 2018. */
export const buildLavfiInputs = (...graphs: readonly string[]): readonly string[] =>
  graphs.flatMap((graph) => ["-f", "lavfi", "-i", graph]);

/** Runs ffmpeg on generated inputs or trusted files. Rejects with ffmpeg's error or the signal's reason. */
export const makeMedia = async (
  ffmpeg: string,
  ffmpegArguments: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  await run(ffmpeg, ["-nostdin", "-y", "-v", "error", ...ffmpegArguments], { env: {}, signal });
};
