import { demuxersFor } from "../media/demuxers.ts";
import { evenSize, fitInto, pictureFilters, type Size } from "../media/geometry.ts";
import { inputArguments, longestSeconds } from "../media/input-arguments.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import { steadyFilters } from "../media/steady-rate.ts";
import {
  aacArguments,
  cleanArguments,
  everySecondsFilters,
  mediaSeconds,
  pictureSeconds,
  soleKey,
  soundSeconds,
} from "./encode.ts";
import { joinVideoSets, manifestCodecs, masterPlaylist, onDemandPlaylist } from "./manifests.ts";
import type { Plan, PlanContext, PlannedOutput, Step, StepResult } from "./plan.ts";
import type { LadderOptions } from "./recipe.ts";
import { type Rendition, renditionsFor } from "./renditions.ts";
import { planSprite, spriteCues } from "./sprite.ts";
import { momentSeconds, takePicture } from "./thumbnail.ts";

const posterBox: Size = { width: 1280, height: 1280 };

/** One decode, split: every rendition is encoded from the same frames by the same process. */
const splitFilters = (video: VideoProbe, renditions: readonly Rendition[]): string => {
  const labels = renditions.map((_, index) => `[s${index}]`).join("");
  return [
    `[0:${video.index}]${[...steadyFilters(video), `split=${renditions.length}${labels}`].join(",")}`,
    ...renditions.map(
      (size, index) => `[s${index}]${pictureFilters(video, size).join(",")},format=yuv420p[v${index}]`,
    ),
  ].join(";");
};

const renditionArguments = (renditions: readonly Rendition[], segmentSeconds: number): readonly string[] =>
  renditions.flatMap((rendition, index) => [
    "-map",
    `[v${index}]`,
    `-c:v:${index}`,
    "libx264",
    `-preset:v:${index}`,
    "veryfast",
    `-crf:v:${index}`,
    "22",
    `-maxrate:v:${index}`,
    `${rendition.maxKbps}k`,
    `-bufsize:v:${index}`,
    `${rendition.maxKbps * 2}k`,
    `-g:v:${index}`,
    "600",
    `-sc_threshold:v:${index}`,
    "0",
    `-force_key_frames:v:${index}`,
    `expr:gte(t,n_forced*${segmentSeconds})`,
  ]);

const packageArguments = (
  probe: Probe,
  renditions: number,
  options: LadderOptions,
  scratch: string,
): readonly string[] => {
  // A set of its own for each rendition: newer builds refuse even sizes of one set whose shapes differ by a pixel.
  const sets = Array.from(
    { length: renditions + (probe.audio === undefined ? 0 : 1) },
    (_, stream) => `id=${stream},streams=${stream}`,
  );
  return [
    "-f",
    "dash",
    "-seg_duration",
    String(options.segmentSeconds),
    "-use_template",
    "0",
    "-use_timeline",
    "0",
    "-single_file",
    "1",
    "-single_file_name",
    "rendition-$RepresentationID$.mp4",
    "-hls_playlist",
    "1",
    "-adaptation_sets",
    sets.join(" "),
    `${scratch}/manifest.mpd`,
  ];
};

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

/** Seconds of a file that was made, for a source that does not say how long it is. */
function* fileSeconds(path: string): Generator<Step, number, StepResult> {
  const { probe } = yield { kind: "probe", path };
  return (probe === undefined ? undefined : pictureSeconds(probe)) ?? 0;
}

function* pictures(
  options: LadderOptions,
  context: PlanContext,
  video: VideoProbe,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const { probe } = context.source;
  const folder = soleKey(context.outputKeys, "ladder");
  const smallest = `${context.scratch}/rendition-${renditionsFor(video, options.heights).length - 1}.mp4`;
  const seconds = pictureSeconds(probe) ?? (yield* fileSeconds(smallest));
  const poster = evenSize(fitInto(video, posterBox));
  const posterPath = `${context.scratch}/poster.jpg`;
  yield* takePicture(
    context,
    momentSeconds({ percent: 10 }, probe),
    [...pictureFilters(video, poster), "format=yuvj420p"],
    posterPath,
  );
  const sprite = planSprite(seconds, options.spriteSeconds, video);
  const spritePath = `${context.scratch}/sprite.jpg`;
  yield {
    kind: "ffmpeg",
    stage: "sprite",
    weight: 1,
    seconds,
    arguments: [
      "-i",
      smallest,
      "-map",
      "0:v:0",
      "-vf",
      `${everySecondsFilters(sprite.interval).join(",")},scale=${sprite.tile.width}:${sprite.tile.height},format=yuvj420p,tile=${sprite.columns}x${sprite.rows}`,
      "-frames:v",
      "1",
      "-q:v",
      "4",
      "-f",
      "image2",
      "-update",
      "1",
      spritePath,
    ],
  };
  const cues = `${context.scratch}/thumbnails.vtt`;
  yield { kind: "write", path: cues, text: spriteCues(sprite, seconds, "sprite.jpg") };
  return [
    {
      path: posterPath,
      key: `${folder}poster.jpg`,
      contentType: "image/jpeg",
      manifest: false,
      expect: { video: { codec: "mjpeg", ...poster } },
    },
    {
      path: spritePath,
      key: `${folder}sprite.jpg`,
      contentType: "image/jpeg",
      manifest: false,
      expect: {
        video: {
          codec: "mjpeg",
          width: sprite.columns * sprite.tile.width,
          height: sprite.rows * sprite.tile.height,
        },
      },
    },
    { path: cues, key: `${folder}thumbnails.vtt`, contentType: "text/vtt", manifest: true },
  ];
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
      ...inputArguments(demuxersFor("ladder"), context.limits.maxVideoPixels, {
        durationSeconds: longestSeconds(context.limits),
      }),
      "-i",
      url,
      ...(video === undefined ? [] : ["-filter_complex", splitFilters(video, renditions)]),
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
  const shown = video === undefined ? [] : yield* pictures(options, context, video);
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
