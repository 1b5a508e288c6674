/** A preset as the API returns it (Elastic Transcoder 2012-09-25, type Preset). All values are strings. */
export interface Preset {
  readonly Id: string;
  readonly Arn?: string;
  readonly Name: string;
  readonly Description?: string;
  readonly Container: string;
  readonly Type?: string;
  readonly Audio?: AudioParameters;
  readonly Video?: VideoParameters;
  readonly Thumbnails?: ThumbnailParameters;
}
export interface AudioParameters {
  readonly Codec: string;
  /** Hz, or `auto`. */
  readonly SampleRate: string;
  /** kbit/s; absent or `auto` for lossless codecs. */
  readonly BitRate?: string;
  readonly Channels: string;
  readonly AudioPackingMode?: string;
  readonly CodecOptions?: Readonly<Record<string, string>>;
}
export interface VideoParameters {
  readonly Codec: string;
  readonly CodecOptions?: Readonly<Record<string, string>>;
  /** Frames. */
  readonly KeyframesMaxDist?: string;
  readonly FixedGOP?: string;
  /** kbit/s, or `auto`. */
  readonly BitRate?: string;
  readonly FrameRate?: string;
  readonly MaxFrameRate?: string;
  readonly Resolution?: string;
  readonly AspectRatio?: string;
  readonly MaxWidth?: string;
  readonly MaxHeight?: string;
  readonly DisplayAspectRatio?: string;
  readonly SizingPolicy?: string;
  readonly PaddingPolicy?: string;
  readonly Watermarks?: readonly WatermarkParameters[];
}
export interface WatermarkParameters {
  readonly Id: string;
  readonly MaxWidth: string;
  readonly MaxHeight: string;
  readonly SizingPolicy: string;
  readonly HorizontalAlign: string;
  readonly HorizontalOffset: string;
  readonly VerticalAlign: string;
  readonly VerticalOffset: string;
  readonly Opacity: string;
  readonly Target: string;
}
export interface ThumbnailParameters {
  readonly Format: string;
  readonly Interval: string;
  readonly Resolution?: string;
  readonly AspectRatio?: string;
  readonly MaxWidth?: string;
  readonly MaxHeight?: string;
  readonly SizingPolicy?: string;
  readonly PaddingPolicy?: string;
}
