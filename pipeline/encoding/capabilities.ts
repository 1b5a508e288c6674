/** Features of an ffmpeg build that plans depend on. */
export interface Capabilities {
  /** E.g. `5.1.9` or `N-47683-g0e8eb07980-static`. */
  readonly version: string;
  /** Empty if the recipe does not depend on them. */
  readonly encoders: ReadonlySet<string>;
  /** `-stats_period` exists (ffmpeg ≥ 4.4). */
  readonly hasStatsPeriod: boolean;
  /** `zscale` can apply HLG's system gamma to luminance (BT.2100, table 5), which builds of 2018 do wrong. */
  readonly hasLuminanceOotf: boolean;
}
