import { buildAacArguments, stripMetadataArguments } from "../encoding/encode.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getAudioSeconds, getMediaSeconds, getVideoSeconds } from "../media/duration.ts";
import {
  buildLadderMasterPlaylist,
  convertToVodPlaylist,
  mergeVideoAdaptationSets,
  parseManifestCodecs,
} from "../packaging/ladder-manifests.ts";
import { planLadderImages } from "./ladder-images.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { LadderOptions } from "./recipe.ts";
import {
  buildPackagingArguments,
  buildRenditionArguments,
  buildRenditionFilters,
} from "./rendition-arguments.ts";
import { type Rendition, selectRenditions } from "./renditions.ts";

/** Corrects the manifest and the media playlists, and replaces ffmpeg's multivariant playlist. */
function* writePlaylists(
  renditions: readonly Rendition[],
  hasAudio: boolean,
  scratchDirectory: string,
): Generator<Step, void, StepResult> {
  const { text: manifest } = yield { kind: "read", path: `${scratchDirectory}/manifest.mpd` };
  yield { kind: "write", path: `${scratchDirectory}/manifest.mpd`, text: mergeVideoAdaptationSets(manifest) };
  const codecs = parseManifestCodecs(manifest);
  const mediaPlaylists: string[] = [];
  for (let index = 0; index < renditions.length + (hasAudio ? 1 : 0); index += 1) {
    const path = `${scratchDirectory}/media_${index}.m3u8`;
    const { text } = yield { kind: "read", path };
    const playlist = convertToVodPlaylist(text);
    mediaPlaylists.push(playlist);
    yield { kind: "write", path, text: playlist };
  }
  const buildVariant = (index: number) => ({
    codecs: codecs[index] ?? "",
    playlist: mediaPlaylists[index] ?? "",
  });
  const variants = renditions.map((size, index) => ({ size, ...buildVariant(index) }));
  yield {
    kind: "write",
    path: `${scratchDirectory}/master.m3u8`,
    text: buildLadderMasterPlaylist(variants, hasAudio ? buildVariant(renditions.length) : undefined),
  };
}

/**
 * Plans a CMAF ladder: renditions, one audio track, HLS and DASH manifests for the same files; poster, sprite, WebVTT.
 */
export function* planLadder(options: LadderOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const { video, audio } = probe;
  const folder = requireOutputKey(context.outputKeys, "ladder");
  const renditions = video === undefined ? [] : selectRenditions(video, options.heights);
  yield {
    kind: "ffmpeg",
    phase: "encoding renditions",
    weight: 10,
    seconds: getMediaSeconds(probe),
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        durationSeconds: computeMaxSourceSeconds(context.limits),
      }),
      "-i",
      url,
      ...(video === undefined ? [] : ["-filter_complex", buildRenditionFilters(video, renditions)]),
      ...buildRenditionArguments(renditions, options.segmentSeconds),
      ...(audio === undefined ? [] : ["-map", `0:${audio.index}`, ...buildAacArguments(128)]),
      ...stripMetadataArguments,
      "-threads",
      String(context.threads),
      ...buildPackagingArguments(probe, renditions.length, options, context.scratchDirectory),
    ],
  };
  yield* writePlaylists(renditions, audio !== undefined, context.scratchDirectory);
  const streams: PlannedOutput[] = [
    ...renditions.map(
      (rendition, index): PlannedOutput => ({
        path: `${context.scratchDirectory}/rendition-${index}.mp4`,
        key: `${folder}rendition-${index}.mp4`,
        contentType: "video/mp4",
        isManifest: false,
        expectation: {
          durationSeconds: getVideoSeconds(probe),
          video: { codec: "h264", width: rendition.width, height: rendition.height },
          audio: "none",
        },
      }),
    ),
    ...(audio === undefined
      ? []
      : [
          {
            path: `${context.scratchDirectory}/rendition-${renditions.length}.mp4`,
            key: `${folder}rendition-${renditions.length}.mp4`,
            contentType: "audio/mp4",
            isManifest: false,
            expectation: {
              durationSeconds: getAudioSeconds(probe),
              video: "none" as const,
              audio: { codec: "aac" },
            },
          },
        ]),
  ];
  const images =
    video === undefined
      ? []
      : yield* planLadderImages(
          options,
          context,
          video,
          `${context.scratchDirectory}/rendition-${renditions.length - 1}.mp4`,
        );
  const manifests: PlannedOutput[] = [
    ...streams.map((_, index) => ({
      path: `${context.scratchDirectory}/media_${index}.m3u8`,
      key: `${folder}media_${index}.m3u8`,
      contentType: "application/vnd.apple.mpegurl",
      isManifest: true,
    })),
    {
      path: `${context.scratchDirectory}/manifest.mpd`,
      key: `${folder}manifest.mpd`,
      contentType: "application/dash+xml",
      isManifest: true,
    },
    {
      path: `${context.scratchDirectory}/master.m3u8`,
      key: `${folder}master.m3u8`,
      contentType: "application/vnd.apple.mpegurl",
      isManifest: true,
    },
  ];
  return [...streams, ...images, ...manifests];
}
