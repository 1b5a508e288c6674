import {
  aacArguments,
  cleanArguments,
  mediaSeconds,
  pictureSeconds,
  soleKey,
  soundSeconds,
} from "../encoding/encode.ts";
import { inputArguments, longestSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import {
  joinVideoSets,
  manifestCodecs,
  masterPlaylist,
  onDemandPlaylist,
} from "../packaging/ladder-manifests.ts";
import { ladderPictures } from "./ladder-pictures.ts";
import type { LadderOptions } from "./recipe.ts";
import { packageArguments, renditionArguments, renditionFilters } from "./rendition-arguments.ts";
import { type Rendition, renditionsFor } from "./renditions.ts";

/** Mends the manifest and the media playlists, and writes the multivariant one over ffmpeg's. */
function* playlists(
  renditions: readonly Rendition[],
  sound: boolean,
  scratch: string,
): Generator<Step, void, StepResult> {
  const { text: manifest } = yield { kind: "read", path: `${scratch}/manifest.mpd` };
  yield { kind: "write", path: `${scratch}/manifest.mpd`, text: joinVideoSets(manifest) };
  const codecs = manifestCodecs(manifest);
  const media: string[] = [];
  for (let index = 0; index < renditions.length + (sound ? 1 : 0); index += 1) {
    const path = `${scratch}/media_${index}.m3u8`;
    const { text } = yield { kind: "read", path };
    const playlist = onDemandPlaylist(text);
    media.push(playlist);
    yield { kind: "write", path, text: playlist };
  }
  const variant = (index: number) => ({ codecs: codecs[index] ?? "", playlist: media[index] ?? "" });
  const variants = renditions.map((size, index) => ({ size, ...variant(index) }));
  yield {
    kind: "write",
    path: `${scratch}/master.m3u8`,
    text: masterPlaylist(variants, sound ? variant(renditions.length) : undefined),
  };
}

/** A CMAF ladder: renditions, sound once, HLS and DASH manifests over the same files; poster, sprite, WebVTT. */
export function* ladder(options: LadderOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const { video, audio } = probe;
  const folder = soleKey(context.outputKeys, "ladder");
  const renditions = video === undefined ? [] : renditionsFor(video, options.heights);
  yield {
    kind: "ffmpeg",
    stage: "encoding renditions",
    weight: 10,
    seconds: mediaSeconds(probe),
    arguments: [
      ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        durationSeconds: longestSeconds(context.limits),
      }),
      "-i",
      url,
      ...(video === undefined ? [] : ["-filter_complex", renditionFilters(video, renditions)]),
      ...renditionArguments(renditions, options.segmentSeconds),
      ...(audio === undefined ? [] : ["-map", `0:${audio.index}`, ...aacArguments(128)]),
      ...cleanArguments,
      "-threads",
      String(context.threads),
      ...packageArguments(probe, renditions.length, options, context.scratch),
    ],
  };
  yield* playlists(renditions, audio !== undefined, context.scratch);
  const streams: PlannedOutput[] = [
    ...renditions.map(
      (rendition, index): PlannedOutput => ({
        path: `${context.scratch}/rendition-${index}.mp4`,
        key: `${folder}rendition-${index}.mp4`,
        contentType: "video/mp4",
        manifest: false,
        expect: {
          durationSeconds: pictureSeconds(probe),
          video: { codec: "h264", width: rendition.width, height: rendition.height },
          audio: "none",
        },
      }),
    ),
    ...(audio === undefined
      ? []
      : [
          {
            path: `${context.scratch}/rendition-${renditions.length}.mp4`,
            key: `${folder}rendition-${renditions.length}.mp4`,
            contentType: "audio/mp4",
            manifest: false,
            expect: {
              durationSeconds: soundSeconds(probe),
              video: "none" as const,
              audio: { codec: "aac" },
            },
          },
        ]),
  ];
  const shown =
    video === undefined
      ? []
      : yield* ladderPictures(
          options,
          context,
          video,
          `${context.scratch}/rendition-${renditions.length - 1}.mp4`,
        );
  const manifests: PlannedOutput[] = [
    ...streams.map((_, index) => ({
      path: `${context.scratch}/media_${index}.m3u8`,
      key: `${folder}media_${index}.m3u8`,
      contentType: "application/vnd.apple.mpegurl",
      manifest: true,
    })),
    {
      path: `${context.scratch}/manifest.mpd`,
      key: `${folder}manifest.mpd`,
      contentType: "application/dash+xml",
      manifest: true,
    },
    {
      path: `${context.scratch}/master.m3u8`,
      key: `${folder}master.m3u8`,
      contentType: "application/vnd.apple.mpegurl",
      manifest: true,
    },
  ];
  return [...streams, ...shown, ...manifests];
}
