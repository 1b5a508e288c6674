import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { computeRunLimits } from "../encoding/run-limits.ts";
import { selectMainAudio } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getMediaSeconds } from "../media/duration.ts";
import { planLadderImages } from "./ladder-images.ts";
import { writeLadderManifests } from "./ladder-manifests.ts";
import { buildTrackArguments, planTracks } from "./ladder-tracks.ts";
import type { LadderOptions } from "./recipe.ts";
import { buildRenditionFilters } from "./rendition-arguments.ts";
import { selectRenditions } from "./renditions.ts";

/**
 * Plans a CMAF ladder: renditions and audio, one file per track; HLS and DASH manifests for the same files; poster,
 * sprite, WebVTT.
 */
export function* planLadder(options: LadderOptions, context: PlanContext): Plan {
  const { limits } = context;
  const { probe, url } = context.source;
  const { video } = probe;
  const audio = selectMainAudio(probe);
  const renditions = video === undefined ? [] : selectRenditions(video, options.heights);
  const tracks = planTracks(renditions, audio === undefined ? [] : [audio], options, context);
  const maxSourceSeconds = computeMaxSourceSeconds(limits);
  const { maxMediaSeconds } = computeRunLimits(probe, limits, maxSourceSeconds);
  yield {
    kind: "ffmpeg",
    phase: "encoding renditions",
    weight: 10,
    seconds: getMediaSeconds(probe),
    hasDurationLimit: true,
    arguments: [
      ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, { durationSeconds: maxSourceSeconds }),
      "-i",
      url,
      ...(video === undefined
        ? []
        : ["-filter_complex", buildRenditionFilters(video, renditions, context.capabilities)]),
      ...buildTrackArguments(tracks, options, maxMediaSeconds, context),
    ],
  };
  const manifests = yield* writeLadderManifests(tracks, context);
  const [largest] = tracks;
  const smallest = tracks[renditions.length - 1];
  const smallestSize = renditions.at(-1);
  const images =
    video === undefined || largest === undefined || smallest === undefined || smallestSize === undefined
      ? []
      : yield* planLadderImages(options, context, video, {
          largestPath: largest.output.path,
          smallestPath: smallest.output.path,
          smallestSize,
        });
  return [...tracks.map(({ output }) => output), ...images, ...manifests];
}
