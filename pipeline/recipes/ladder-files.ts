import type { CaptionTrack } from "../captions/caption-tracks.ts";
import type { CaptionFile } from "../captions/extract-captions.ts";
import type { PlannedOutput } from "../encoding/plan.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import type { Probe } from "../media/probe.ts";
import type { FragmentIndex } from "../packaging/fragment-index.ts";

/** One track of a ladder: a fragmented MP4 and its media playlist. */
export interface LadderTrack {
  /** File name, e.g. `rendition-0.mp4`. */
  readonly name: string;
  readonly playlistName: string;
  readonly type: "video" | "audio";
  /** Of an audio track. */
  readonly audio?: AudioRendition;
  /** True for audio other than the main one: the ladder can do without it. */
  readonly isOptional: boolean;
  /** Maps and encoder arguments. */
  readonly encoderArguments: readonly string[];
  readonly output: PlannedOutput;
}

/** An encoded track: what the manifests say of it. */
export interface EncodedTrack extends LadderTrack {
  readonly index: FragmentIndex;
  /** RFC 6381. */
  readonly codec: string;
  readonly probe: Probe;
}

/** Captions of a ladder before they are extracted. */
export interface PlannedCaptions {
  readonly track: CaptionTrack;
  readonly name: string;
  readonly playlistName: string;
  readonly path: string;
}

/** A WebVTT file: what the manifests say of it. */
export interface EncodedCaptions extends CaptionFile {
  /** File name, e.g. `subtitles-0.vtt`. */
  readonly name: string;
  readonly playlistName: string;
}
