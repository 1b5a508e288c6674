import type { PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { Probe } from "../../media/probe.ts";
import { getAudioCodecName, parseFileAvcCodec, parseStreamAvcCodec } from "../../packaging/codec-names.ts";
import { buildDashManifest, type DashRepresentation } from "../../packaging/dash-manifest.ts";
import { parseFragmentIndex } from "../../packaging/fragment-index.ts";
import { buildMasterPlaylist, computeBandwidth, type HlsVariant } from "../../packaging/hls-playlist.ts";
import { buildRelativeUri } from "../../packaging/relative-uri.ts";
import type { EncodedOutput } from "./output-files.ts";
import { buildMediaPlaylistKey, buildPlaylistKey, getPlaylistGroup } from "./output-keys.ts";
import type { TranscodePlaylist } from "./transcode-recipe.ts";

/** Bytes at the start of a stream that contain its codec parameters. */
const streamHeadBytes = 64 * 1024;
/** Bytes for the header and index of a fragmented file. The index takes twelve per fragment. */
const fileHeadBytes = 2 * 1024 * 1024;

function* probeFile(path: string): Generator<Step, Probe, StepResult> {
  const { probe } = yield { kind: "probe", path };
  if (probe === undefined) throw new JobFailure(9000, "An encoded file could not be probed.");
  return probe;
}
function* readHead(path: string, length: number): Generator<Step, Uint8Array, StepResult> {
  const { bytes } = yield { kind: "head", path, length };
  return bytes ?? new Uint8Array();
}

/** The CODECS list of a file (RFC 6381). */
const formatCodecs = ({ video, audio }: Probe, avc: string | undefined, key: string): string => {
  if (video !== undefined && avc === undefined)
    throw new JobFailure(
      4015,
      `Output ${key} has no readable H.264 parameters, so it cannot be listed in a playlist.`,
    );
  return [
    ...(video === undefined || avc === undefined ? [] : [avc]),
    ...(audio === undefined ? [] : [getAudioCodecName(audio.codec)]),
  ].join(",");
};

function* buildVariant(
  { plan, segments }: EncodedOutput,
  from: string,
): Generator<Step, HlsVariant, StepResult> {
  const { key } = plan.output;
  const [first] = segments;
  if (first === undefined)
    throw new JobFailure(
      4015,
      `Output ${key} is not segmented, so it cannot be listed in an HLSv3 playlist.`,
    );
  const probe = yield* probeFile(first.path);
  const bytes = yield* readHead(first.path, streamHeadBytes);
  return {
    uri: buildRelativeUri(from, buildMediaPlaylistKey(key)),
    ...computeBandwidth(segments),
    ...(probe.video === undefined ? {} : { size: { width: probe.video.width, height: probe.video.height } }),
    hasAudio: probe.audio !== undefined,
    codecs: formatCodecs(probe, parseStreamAvcCodec(bytes), key),
  };
}

function* buildRepresentation(
  { plan }: EncodedOutput,
  from: string,
): Generator<Step, DashRepresentation, StepResult> {
  const { key } = plan.output;
  const probe = yield* probeFile(plan.path);
  const bytes = yield* readHead(plan.path, fileHeadBytes);
  const fragments = parseFragmentIndex(bytes);
  if (fragments === undefined || (probe.video !== undefined && probe.audio !== undefined))
    throw new JobFailure(
      4015,
      `Output ${key} has no fragment index of a single track, so it cannot be listed in an MPEG-DASH manifest. Use a preset with only video or only audio.`,
    );
  return {
    uri: buildRelativeUri(from, key),
    fragments,
    codecs: formatCodecs(probe, parseFileAvcCodec(bytes), key),
    durationSeconds: probe.durationSeconds ?? plan.seconds ?? 0,
    ...(probe.video === undefined ? {} : { video: probe.video }),
    ...(probe.audio === undefined ? {} : { audio: probe.audio }),
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
    const variants: HlsVariant[] = [];
    for (const member of members) variants.push(yield* buildVariant(member, key));
    yield { kind: "write", path, text: buildMasterPlaylist(variants) };
  } else {
    const representations: DashRepresentation[] = [];
    for (const member of members) representations.push(yield* buildRepresentation(member, key));
    yield { kind: "write", path, text: buildDashManifest(representations) };
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
