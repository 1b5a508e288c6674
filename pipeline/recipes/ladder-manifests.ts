import type { PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { JobFailure } from "../errors/job-error.ts";
import type { Probe } from "../media/probe.ts";
import { computeBandwidth } from "../packaging/bandwidth.ts";
import { parseFileCodec } from "../packaging/codec-names.ts";
import { buildDashManifest, type DashMediaFile } from "../packaging/dash-manifest.ts";
import type { FragmentIndex } from "../packaging/fragment-index.ts";
import {
  buildMediaPlaylist,
  computeTargetDuration,
  listFragmentSegments,
} from "../packaging/hls-media-playlist.ts";
import {
  buildAudioGroup,
  buildMultivariantPlaylist,
  type HlsRendition,
} from "../packaging/hls-multivariant-playlist.ts";
import { readFragmentedFile } from "../packaging/read-fragmented-file.ts";
import type { LadderTrack } from "./ladder-tracks.ts";
import { requireOutputKey } from "./preconditions.ts";

/** An encoded track: what the manifests say of it. */
interface EncodedTrack extends LadderTrack {
  readonly index: FragmentIndex;
  /** RFC 6381. */
  readonly codec: string;
  readonly probe: Probe;
}

/** Byte ranges and a header per file (RFC 8216, 7). */
const hlsVersion = 7;
const audioGroupId = "audio";

/** @throws JobFailure 4002 if the file has no fragment */
function* readTrack(track: LadderTrack): Generator<Step, EncodedTrack, StepResult> {
  const { path } = track.output;
  const file = yield* readFragmentedFile(path);
  const codec = file === undefined ? undefined : parseFileCodec(file.header);
  if (file === undefined || codec === undefined)
    throw new JobFailure(4002, `ffmpeg created no fragment of ${track.name} from the source.`);
  const { probe } = yield { kind: "probe", path };
  if (probe === undefined) throw new JobFailure(9000, `${track.name} could not be probed.`);
  return { ...track, index: file.index, codec, probe };
}

const buildTrackPlaylist = ({ name, index }: EncodedTrack, targetDuration: number): string =>
  buildMediaPlaylist({
    version: hlsVersion,
    targetDuration,
    map: { uri: name, range: index.headerRange },
    segments: listFragmentSegments(name, index),
  });

const buildVariant = ({ playlistName, index, codec, probe: { video } }: EncodedTrack) => ({
  uri: playlistName,
  bandwidth: computeBandwidth(index.fragments),
  codecs: [codec],
  ...(video === undefined
    ? {}
    : {
        size: { width: video.width, height: video.height },
        ...(video.frameRate === undefined ? {} : { frameRate: video.frameRate }),
        videoRange: "SDR" as const,
      }),
});

const buildMaster = (tracks: readonly EncodedTrack[]): string => {
  const videoTracks = tracks.filter(({ type }) => type === "video");
  const audioTracks = tracks.filter(({ type }) => type === "audio");
  const hasAudioGroup = videoTracks.length > 0 && audioTracks.length > 0;
  const renditions = audioTracks.map(
    ({ playlistName }, index): HlsRendition => ({
      type: "AUDIO",
      groupId: audioGroupId,
      name: "audio",
      isDefault: index === 0,
      isAutoselect: true,
      uri: playlistName,
    }),
  );
  const audioGroup = hasAudioGroup ? buildAudioGroup(audioGroupId, audioTracks.map(buildVariant)) : undefined;
  return buildMultivariantPlaylist({
    version: hlsVersion,
    hasIndependentSegments: true,
    renditions: hasAudioGroup ? renditions : [],
    variants: (videoTracks.length > 0 ? videoTracks : audioTracks.slice(0, 1)).map((track) => ({
      ...buildVariant(track),
      ...(audioGroup === undefined ? {} : { audioGroup }),
    })),
  });
};

const buildDashFile = ({ name, index, codec, probe: { video, audio } }: EncodedTrack): DashMediaFile => ({
  uri: name,
  index,
  codecs: codec,
  ...(video === undefined ? {} : { video }),
  ...(audio === undefined ? {} : { audio }),
});

const buildManifest = (tracks: readonly EncodedTrack[]): string =>
  buildDashManifest([
    { contentType: "video", files: tracks.filter(({ type }) => type === "video").map(buildDashFile) },
    ...tracks
      .filter(({ type }) => type === "audio")
      .map((track) => ({ contentType: "audio" as const, files: [buildDashFile(track)] })),
  ]);

const contentTypes = { m3u8: "application/vnd.apple.mpegurl", mpd: "application/dash+xml" } as const;

/**
 * Writes a media playlist for each track, the DASH manifest and the HLS multivariant playlist, from the index, the header
 * and the probe of each encoded file.
 */
export function* writeLadderManifests(
  tracks: readonly LadderTrack[],
  context: PlanContext,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const folder = requireOutputKey(context.outputKeys, "ladder");
  const encodedTracks: EncodedTrack[] = [];
  for (const track of tracks) encodedTracks.push(yield* readTrack(track));
  const targetDuration = Math.max(
    ...encodedTracks.map(({ name, index }) => computeTargetDuration(listFragmentSegments(name, index))),
  );
  const texts: readonly (readonly [name: string, text: string, type: keyof typeof contentTypes])[] = [
    ...encodedTracks.map(
      (track) => [track.playlistName, buildTrackPlaylist(track, targetDuration), "m3u8"] as const,
    ),
    ["manifest.mpd", buildManifest(encodedTracks), "mpd"],
    ["master.m3u8", buildMaster(encodedTracks), "m3u8"],
  ];
  const outputs: PlannedOutput[] = [];
  for (const [name, text, type] of texts) {
    const path = `${context.scratchDirectory}/${name}`;
    yield { kind: "write", path, text };
    outputs.push({ path, key: `${folder}${name}`, contentType: contentTypes[type], isManifest: true });
  }
  return outputs;
}
