import { resolveSourceColor } from "../media/color.ts";
import type { Probe } from "../media/probe.ts";

/** Features of an ffmpeg build that plans depend on. */
export interface Capabilities {
  /** E.g. `5.1.9` or `N-47683-g0e8eb07980-static`. */
  readonly version: string;
  /** Empty if the recipe does not depend on them. */
  readonly encoders: ReadonlySet<string>;
  /**
   * ffmpeg 6 and later measure the times of an input of `isMeasuredFromTracks` from the first track that is read, whatever its
   * `-itsoffset`; see `computeOriginShift`.
   */
  readonly hasOriginOfReadTracks: boolean;
  /** `zscale` can apply HLG's system gamma to luminance (BT.2100, table 5), which builds of 2018 do wrong. */
  readonly hasLuminanceOotf: boolean;
}

/** Capabilities of a build for a plan that does not depend on them. */
export const unprobedCapabilities: Capabilities = {
  version: "unknown",
  encoders: new Set(),
  hasOriginOfReadTracks: false,
  hasLuminanceOotf: false,
};

/** Demuxers with the flag AVFMT_TS_DISCONT. */
const demuxersWithDiscontinuities: ReadonlySet<string> = new Set(["mpegts", "mpeg", "ogg"]);

/** True for a source whose times ffmpeg measures from the first track that is read. */
export const isMeasuredFromTracks = ({ formats }: Pick<Probe, "formats">): boolean =>
  formats.some((format) => demuxersWithDiscontinuities.has(format));

/** True if the arguments for a source depend on the build: its filters do for HLG, its offset for late tracks. */
export const dependsOnBuild = (
  probe: Pick<Probe, "formats" | "video" | "audio" | "audioTracks">,
): boolean => {
  const { video, audio, audioTracks = [] } = probe;
  const hasLateTrack = [video, audio, ...audioTracks].some((track) => (track?.startSeconds ?? 0) > 0);
  return (
    (hasLateTrack && isMeasuredFromTracks(probe)) ||
    (video !== undefined && resolveSourceColor(video).kind === "hlg")
  );
};
