import type { PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { Probe } from "../../media/probe.ts";
import { fileAvc, soundCodec, streamAvc } from "../../packaging/codec-names.ts";
import { type DashRepresentation, dashManifest } from "../../packaging/dash-manifest.ts";
import { readFragmentIndex } from "../../packaging/fragment-index.ts";
import { bandwidthOf, type HlsVariant, masterPlaylist } from "../../packaging/hls-playlist.ts";
import { relativeUri } from "../../packaging/relative-uri.ts";
import type { MadeOutput } from "./output-files.ts";
import { mediaPlaylistKey, playlistKey, playlistPart } from "./output-keys.ts";
import type { TranscodePlaylist } from "./transcode-recipe.ts";

/** Bytes from whose beginning a stream's codec is read. */
const streamHead = 64 * 1024;
/** Bytes that hold a fragmented file's header and index: twelve for each fragment. */
const fileHead = 2 * 1024 * 1024;

function* probeOf(path: string): Generator<Step, Probe, StepResult> {
  const { probe } = yield { kind: "probe", path };
  if (probe === undefined) throw new JobFailure(9000, "A file that was made could not be looked at.");
  return probe;
}
function* headOf(path: string, length: number): Generator<Step, Uint8Array, StepResult> {
  const { bytes } = yield { kind: "head", path, length };
  return bytes ?? new Uint8Array();
}

/** RFC 6381's list of what a file holds. */
const codecsOf = ({ video, audio }: Probe, avc: string | undefined, key: string): string => {
  if (video !== undefined && avc === undefined)
    throw new JobFailure(
      4015,
      `Output ${key} does not say which H.264 it holds, so no playlist can name it.`,
    );
  return [
    ...(video === undefined || avc === undefined ? [] : [avc]),
    ...(audio === undefined ? [] : [soundCodec(audio.codec)]),
  ].join(",");
};

function* variantOf({ plan, segments }: MadeOutput, from: string): Generator<Step, HlsVariant, StepResult> {
  const { key } = plan.output;
  const [first] = segments;
  if (first === undefined)
    throw new JobFailure(4015, `Output ${key} is not in segments, so HLSv3 cannot list it.`);
  const probe = yield* probeOf(first.path);
  const bytes = yield* headOf(first.path, streamHead);
  return {
    uri: relativeUri(from, mediaPlaylistKey(key)),
    ...bandwidthOf(segments),
    ...(probe.video === undefined ? {} : { size: { width: probe.video.width, height: probe.video.height } }),
    sound: probe.audio !== undefined,
    codecs: codecsOf(probe, streamAvc(bytes), key),
  };
}

function* representationOf(
  { plan }: MadeOutput,
  from: string,
): Generator<Step, DashRepresentation, StepResult> {
  const { key } = plan.output;
  const probe = yield* probeOf(plan.path);
  const bytes = yield* headOf(plan.path, fileHead);
  const fragments = readFragmentIndex(bytes);
  if (fragments === undefined || (probe.video !== undefined && probe.audio !== undefined))
    throw new JobFailure(
      4015,
      `Output ${key} has no index of fragments of one track, so MPEG-DASH cannot list it. Use a preset of picture alone or sound alone.`,
    );
  return {
    uri: relativeUri(from, key),
    fragments,
    codecs: codecsOf(probe, fileAvc(bytes), key),
    durationSeconds: probe.durationSeconds ?? plan.seconds ?? 0,
    ...(probe.video === undefined ? {} : { video: probe.video }),
    ...(probe.audio === undefined ? {} : { audio: probe.audio }),
  };
}

/**
 * The playlist or manifest over outputs that were made.
 *
 * @throws JobFailure 1001 where one of them failed, 4015 where one cannot be listed
 */
export function* planPlaylist(
  playlist: TranscodePlaylist,
  index: number,
  made: readonly MadeOutput[],
  context: PlanContext,
): Generator<Step, PlannedOutput, StepResult> {
  const { outputKeys, format } = playlist;
  const key = playlistKey(playlist);
  const members = outputKeys.map((wanted) => {
    const member = made.find(({ plan }) => plan.output.key === wanted);
    if (member === undefined) throw failedMember(playlist.name, wanted);
    return member;
  });
  const hls = format === "HLSv3";
  const path = `${context.scratch}/playlist-${index}.${hls ? "m3u8" : "mpd"}`;
  if (hls) {
    const variants: HlsVariant[] = [];
    for (const member of members) variants.push(yield* variantOf(member, key));
    yield { kind: "write", path, text: masterPlaylist(variants) };
  } else {
    const representations: DashRepresentation[] = [];
    for (const member of members) representations.push(yield* representationOf(member, key));
    yield { kind: "write", path, text: dashManifest(representations) };
  }
  return {
    path,
    key,
    contentType: hls ? "application/vnd.apple.mpegurl" : "application/dash+xml",
    manifest: true,
    part: playlistPart(playlist),
    needs: outputKeys,
  };
}

/** Why a playlist is not made: the service's "Dependency Error". */
export const failedMember = (name: string, member: string): JobFailure =>
  new JobFailure(
    1001,
    `Playlist ${name} was not made, because its output ${member} failed. See the output's own status.`,
  );
