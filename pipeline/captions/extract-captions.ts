import type { Step, StepResult } from "../encoding/plan.ts";
import { type CaptionTrack, describeCaptionTrack } from "./caption-tracks.ts";
import { buildWebVtt, parseCues } from "./webvtt.ts";

/** A WebVTT file of a caption track. */
export interface CaptionFile {
  readonly track: CaptionTrack;
  readonly path: string;
  readonly bytes: number;
}

/** Maximum size of a WebVTT file: a feature film has about 100 KB. */
const maxCaptionBytes = 8 * 1024 * 1024;

/**
 * Builds the arguments of an output with one caption track. As a further output of the process that encodes, it costs no
 * second read of the source. Times are from the origin of the source, like those of the other outputs.
 *
 * @param maxSeconds maximum duration
 */
export const buildCaptionArguments = (
  { index }: CaptionTrack,
  path: string,
  maxSeconds: number,
): readonly string[] => [
  "-map",
  `0:${index}`,
  "-c:s",
  "webvtt",
  "-map_metadata",
  "-1",
  "-map_chapters",
  "-1",
  "-t",
  String(maxSeconds),
  "-f",
  "webvtt",
  path,
];

/** Size of a file in bytes; 0 if it is absent. */
function* readSize(path: string): Generator<Step, number, StepResult> {
  const slash = path.lastIndexOf("/");
  const { text, sizes } = yield { kind: "list", path: path.slice(0, slash) };
  return sizes?.[text.split("\n").indexOf(path.slice(slash + 1))] ?? 0;
}

/** Checks and completes the WebVTT file that ffmpeg wrote. Warns and returns undefined if it has no usable cue. */
export function* finishCaptions(
  track: CaptionTrack,
  path: string,
): Generator<Step, CaptionFile | undefined, StepResult> {
  const name = describeCaptionTrack(track);
  const writtenBytes = yield* readSize(path);
  if (writtenBytes > maxCaptionBytes) {
    yield {
      kind: "warn",
      text: `${name} is not included: its text is larger than ${maxCaptionBytes} bytes.`,
    };
    return undefined;
  }
  const cues = writtenBytes === 0 ? [] : parseCues((yield { kind: "read", path }).text);
  if (cues.length === 0) {
    yield { kind: "warn", text: `${name} is not included: it has no text that could be read.` };
    return undefined;
  }
  const text = buildWebVtt(cues);
  yield { kind: "write", path, text };
  return { track, path, bytes: Buffer.byteLength(text) };
}
