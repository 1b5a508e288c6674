import { type AudioLevel, buildAudioMapArguments } from "../encoding/audio-filters.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import type { FfmpegStep, PlanContext } from "../encoding/plan.ts";
import type { AudioTrackGroup } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getAudioSeconds } from "../media/duration.ts";

/** Builds the run that measures a source's loudness as stereo at a level; its log ends with a summary. */
export const buildLoudnessStep = (
  group: AudioTrackGroup,
  level: AudioLevel,
  { source: { probe, url }, limits, threads }: PlanContext,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "measuring loudness",
  weight: 1,
  hasSteadyOutput: true,
  seconds: getAudioSeconds({ ...probe, audio: group[0] }),
  arguments: [
    ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(limits),
    }),
    "-i",
    url,
    ...buildAudioMapArguments(group, { level, isMeasured: true }),
    ...["-vn", "-threads", String(threads), "-f", "null", "-"],
  ],
});
