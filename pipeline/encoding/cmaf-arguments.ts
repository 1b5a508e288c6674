/**
 * Flags of a CMAF track file (ISO/IEC 23000-19) with one index for all fragments (ISO/IEC 23009-1, on-demand profile).
 * Decode times start at 0, and with signed composition offsets video is presented from 0 too: an edit list is left only
 * for the encoder delay of audio. `delay_moov` writes that edit after the first packets are known.
 */
const movFlags = "+dash+global_sidx+delay_moov+default_base_moof+negative_cts_offsets";

const toMicroseconds = (seconds: number): string => String(Math.round(seconds * 1e6));

/**
 * Muxer arguments of a file with one track in fragments, without its path. Fragments of video begin with a keyframe;
 * fragments of audio have a constant number of frames.
 *
 * @param segmentSeconds interval of the keyframes, at least 1
 */
export const buildCmafArguments = (type: "video" | "audio", segmentSeconds: number): readonly string[] => [
  "-movflags",
  ...(type === "video"
    ? [
        `${movFlags}+frag_keyframe+write_colr`,
        // Keyframes between those of the segments do not begin a fragment.
        "-min_frag_duration",
        toMicroseconds(segmentSeconds - 0.5),
      ]
    : [movFlags, "-frag_duration", toMicroseconds(segmentSeconds)]),
  "-f",
  "mp4",
];
