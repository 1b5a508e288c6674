/** ffprobe's result for a file. Attached pictures (cover art) do not count as video. */
export interface Probe {
  /** The demuxer's names, e.g. `["mov", "mp4", "m4a", "3gp", "3g2", "mj2"]`. */
  readonly formats: readonly string[];
  /** Seconds; absent for a still image and for files that declare none, e.g. a browser's recording or raw AAC. */
  readonly durationSeconds?: number;
  /** True if timestamps occur more than once, so that a position cannot be found by its timestamp. */
  readonly hasRestartingClock?: true;
  /** Size of the file. */
  readonly bytes?: number;
  /** Bits per second. */
  readonly bitRate?: number;
  readonly video?: VideoProbe;
  /** The main audio track. */
  readonly audio?: AudioProbe;
  /** Every audio track in file order, the main one included; absent: only `audio`, if any. */
  readonly audioTracks?: readonly AudioProbe[];
  /** Subtitle tracks in file order, text and bitmap; absent: none. */
  readonly subtitleTracks?: readonly SubtitleProbe[];
}
/** Color tags of a video stream in ffprobe's words; each absent if unknown. */
export interface ColorTags {
  /** `tv`: limited, `pc`: full. */
  readonly range?: "tv" | "pc";
  /** ffprobe's `color_space`, e.g. `bt709`. */
  readonly matrix?: string;
  /** ffprobe's `color_transfer`, e.g. `smpte2084`. */
  readonly transfer?: string;
  /** ffprobe's `color_primaries`, e.g. `bt2020`. */
  readonly primaries?: string;
}
/** Dolby Vision configuration (Dolby Vision Streams Within the ISO Base Media File Format, 2.2). */
export interface DolbyVision {
  readonly profile: number;
  /** What the base layer alone is: 0 nothing, 1 HDR10, 2 SDR, 4 HLG. */
  readonly compatibilityId: number;
}
export interface VideoProbe {
  readonly index: number;
  readonly codec: string;
  /** Pixels as coded, before rotation and sample aspect ratio. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Display size: after rotation, with square pixels. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which a player rotates the video. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Average frames per second; absent for a still image and if unknown. */
  readonly frameRate?: number;
  /** True if the frame rate is variable; see `frame-rate.ts`. */
  readonly isVariableFrameRate?: boolean;
  /** Frames of an animated image; absent otherwise. */
  readonly frameCount?: number;
  readonly pixelFormat: string;
  readonly interlaced: boolean;
  /** Seconds from the source's origin, the earliest timestamp of any track, to the first frame; absent: 0. */
  readonly startSeconds?: number;
  /** Seconds from the first frame to the end of the last. */
  readonly durationSeconds?: number;
  /** Absent: untagged. */
  readonly color?: ColorTags;
  readonly dolbyVision?: DolbyVision;
}
export interface AudioProbe {
  readonly index: number;
  readonly codec: string;
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Seconds from the source's origin to the first sample; absent: 0. */
  readonly startSeconds?: number;
  /** Seconds from the first sample to the last. */
  readonly durationSeconds?: number;
  /** ffmpeg's name, e.g. `5.1(side)`; absent if only the number of channels is known. */
  readonly channelLayout?: string;
  /** Language tag of the file, usually ISO 639-2, e.g. `eng`; absent if undetermined. */
  readonly language?: string;
  readonly title?: string;
  readonly isDefault?: boolean;
  readonly isCommentary?: boolean;
  /** Audio description. */
  readonly isVisualImpaired?: boolean;
  readonly isHearingImpaired?: boolean;
}
export interface SubtitleProbe {
  readonly index: number;
  readonly codec: string;
  /** Language tag of the file, usually ISO 639-2, e.g. `eng`; absent if undetermined. */
  readonly language?: string;
  readonly title?: string;
  readonly isDefault?: boolean;
  readonly isForced?: boolean;
  readonly isHearingImpaired?: boolean;
}
