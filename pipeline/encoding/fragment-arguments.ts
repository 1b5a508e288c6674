/** An MP4 file in fragments. */
interface FragmentOptions {
  /** True if the file has video. Its fragments begin with a keyframe; those of audio have a constant number of frames. */
  readonly hasVideo: boolean;
  /** Duration of a fragment in seconds, for video the interval of its keyframes; absent if any keyframe may begin one. */
  readonly segmentSeconds?: number | undefined;
  /**
   * True if the file begins with an index of its fragments, which an MPEG-DASH player uses for seeking (ISO/IEC 23009-1,
   * on-demand profile). A file with two tracks would need two.
   */
  readonly hasIndex: boolean;
  /**
   * True for signed composition offsets, with which decode times start at 0 and video is presented from 0 too: an edit
   * list is left only for the encoder delay of audio.
   */
  readonly hasSignedOffsets: boolean;
}

const defaultAudioFragmentSeconds = 2;
/** With a rounded frame rate, a keyframe can be slightly early. The fragment must still end there, not at the next one. */
const keyframeToleranceSeconds = 0.5;

const toMicroseconds = (seconds: number): string => String(Math.round(seconds * 1e6));

/** Builds muxer arguments of an MP4 file in fragments, without its format and path. */
export const buildFragmentArguments = ({
  hasVideo,
  segmentSeconds,
  hasIndex,
  hasSignedOffsets,
}: FragmentOptions): readonly string[] => {
  const flags = [
    ...(hasIndex ? ["dash", "global_sidx"] : []),
    // The header is written after the first packets, so that its edit list has the encoder delay of audio.
    ...["delay_moov", "default_base_moof"],
    ...(hasSignedOffsets ? ["negative_cts_offsets"] : []),
    ...(hasVideo ? ["frag_keyframe", "write_colr"] : []),
  ];
  const minSeconds = segmentSeconds === undefined ? 0 : segmentSeconds - keyframeToleranceSeconds;
  return [
    "-movflags",
    flags.map((flag) => `+${flag}`).join(""),
    ...(hasVideo
      ? // Keyframes between those of the segments do not begin a fragment.
        ["-min_frag_duration", toMicroseconds(minSeconds)]
      : ["-frag_duration", toMicroseconds(segmentSeconds ?? defaultAudioFragmentSeconds)]),
  ];
};

/**
 * Builds muxer arguments of a CMAF track file (ISO/IEC 23000-19) with an index, without its path.
 *
 * @param segmentSeconds duration of its fragments, at least 1
 */
export const buildCmafArguments = (type: "video" | "audio", segmentSeconds: number): readonly string[] => [
  ...buildFragmentArguments({
    hasVideo: type === "video",
    segmentSeconds,
    hasIndex: true,
    hasSignedOffsets: true,
  }),
  "-f",
  "mp4",
];
