import { resolveSourceColor } from "../media/color.ts";
import type { Probe } from "../media/probe.ts";

/** Features of an ffmpeg build that plans depend on. */
export interface Capabilities {
  /** E.g. `5.1.9` or `N-47683-g0e8eb07980-static`. */
  readonly version: string;
  /** Empty if the recipe does not depend on them. */
  readonly encoders: ReadonlySet<string>;
  /** `zscale` can apply HLG's system gamma to luminance (BT.2100, table 5), which builds of 2018 do wrong. */
  readonly hasLuminanceOotf: boolean;
}

/** Capabilities of a build for a plan that does not depend on them. */
export const unprobedCapabilities: Capabilities = {
  version: "unknown",
  encoders: new Set(),
  hasLuminanceOotf: false,
};

/** True if the filters of a source depend on the build: those of HLG do (`hasLuminanceOotf`). */
export const hasFiltersByBuild = ({ video }: Pick<Probe, "video">): boolean =>
  video !== undefined && resolveSourceColor(video).kind === "hlg";
