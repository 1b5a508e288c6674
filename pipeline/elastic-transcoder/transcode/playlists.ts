import type { PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { Probe } from "../../media/probe.ts";
import { computeBandwidth } from "../../packaging/bandwidth.ts";
import { getStreamAudioCodec, parseFileCodec, parseStreamAvcCodec } from "../../packaging/codec-names.ts";
import { buildDashManifest, type DashMediaFile } from "../../packaging/dash-manifest.ts";
import { readFragmentedFile } from "../../packaging/read-fragmented-file.ts";
import { buildRelativeUri } from "../../packaging/relative-uri.ts";
import { buildMasterPlaylist, type MasterPlaylistEntry } from "./master-playlist.ts";
import type { EncodedOutput } from "./output-files.ts";
import { buildMediaPlaylistKey, buildPlaylistKey, getPlaylistGroup } from "./output-keys.ts";
import type { TranscodePlaylist } from "./transcode-recipe.ts";

/** Bytes at the start of a stream that contain its codec parameters. */
const streamHeadBytes = 64 * 1024;

function* probeFile(path: string): Generator<Step, Probe, StepResult> {
  const { probe } = yield { kind: "probe", path };
  if (probe === undefined) throw new JobFailure(9000, "An encoded file could not be probed.");
  return probe;
}
/** @throws JobFailure 4015 */
const requireCodec = (codec: string | undefined, key: string): string => {
  if (codec === undefined)
    throw new JobFailure(
      4015,
      `Output ${key} has no readable codec parameters, so it cannot be listed in a playlist.`,
    );
  return codec;
};

function* buildMasterEntry(
  { plan, segments }: EncodedOutput,
  from: string,
): Generator<Step, MasterPlaylistEntry, StepResult> {
  const { key } = plan.output;
  const [first] = segments;
  if (first === undefined)
    throw new JobFailure(
      4015,
      `Output ${key} is not segmented, so it cannot be listed in an HLSv3 playlist.`,
    );
  const { video, audio } = yield* probeFile(first.path);
  const { bytes = new Uint8Array() } = yield { kind: "head", path: first.path, length: streamHeadBytes };
  return {
    uri: buildRelativeUri(from, buildMediaPlaylistKey(key)),
    bandwidth: computeBandwidth(segments),
    ...(video === undefined ? {} : { size: { width: video.width, height: video.height } }),
    hasAudio: audio !== undefined,
    codecs: [
      ...(video === undefined ? [] : [requireCodec(parseStreamAvcCodec(bytes), key)]),
      ...(audio === undefined ? [] : [getStreamAudioCodec(audio.codec)]),
    ],
  };
}

function* buildDashFile({ plan }: EncodedOutput, from: string): Generator<Step, DashMediaFile, StepResult> {
  const { key } = plan.output;
  const { video, audio } = yield* probeFile(plan.path);
  const file = yield* readFragmentedFile(plan.path);
  if (file === undefined || (video !== undefined && audio !== undefined))
    throw new JobFailure(
      4015,
      `Output ${key} has no fragment index of a single track, so it cannot be listed in an MPEG-DASH manifest. Use a preset with only video or only audio.`,
    );
  return {
    uri: buildRelativeUri(from, key),
    index: file.index,
    codecs: requireCodec(parseFileCodec(file.header), key),
    ...(video === undefined ? {} : { video }),
    ...(audio === undefined ? {} : { audio }),
  };
}

/**
 * Plans the playlist or manifest of encoded outputs.
 *
 * @throws JobFailure 1001 if one of them failed, 4015 if one cannot be listed
 */
export function* planPlaylist(
  playlist: TranscodePlaylist,
  index: number,
  outputs: readonly EncodedOutput[],
  context: PlanContext,
): Generator<Step, PlannedOutput, StepResult> {
  const { outputKeys, format } = playlist;
  const key = buildPlaylistKey(playlist);
  const members = outputKeys.map((outputKey) => {
    const member = outputs.find(({ plan }) => plan.output.key === outputKey);
    if (member === undefined) throw buildFailedMemberFailure(playlist.name, outputKey);
    return member;
  });
  const isHls = format === "HLSv3";
  const path = `${context.scratchDirectory}/playlist-${index}.${isHls ? "m3u8" : "mpd"}`;
  if (isHls) {
    const entries: MasterPlaylistEntry[] = [];
    for (const member of members) entries.push(yield* buildMasterEntry(member, key));
    yield { kind: "write", path, text: buildMasterPlaylist(entries) };
  } else {
    const files: DashMediaFile[] = [];
    for (const member of members) files.push(yield* buildDashFile(member, key));
    const text = buildDashManifest([
      { contentType: "video", files: files.filter(({ video }) => video !== undefined) },
      { contentType: "audio", files: files.filter(({ video }) => video === undefined) },
    ]);
    yield { kind: "write", path, text };
  }
  return {
    path,
    key,
    contentType: isHls ? "application/vnd.apple.mpegurl" : "application/dash+xml",
    isManifest: true,
    outputGroup: getPlaylistGroup(playlist),
    dependsOn: outputKeys,
  };
}

/** Error of a playlist with a failed output: the service's "Dependency Error". */
export const buildFailedMemberFailure = (name: string, member: string): JobFailure =>
  new JobFailure(
    1001,
    `Playlist ${name} was not created because its output ${member} failed. See the output's StatusDetail.`,
  );
