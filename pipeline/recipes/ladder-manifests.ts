import type { PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { isMediaFailure, JobFailure } from "../errors/job-error.ts";
import { parseFileCodec } from "../packaging/codec-names.ts";
import { computeIndexSeconds } from "../packaging/fragment-index.ts";
import { readFragmentedFile } from "../packaging/read-fragmented-file.ts";
import { buildManifest } from "./ladder-dash.ts";
import type { EncodedCaptions, EncodedTrack, LadderTrack } from "./ladder-files.ts";
import {
  buildCaptionPlaylist,
  buildMaster,
  buildTrackPlaylist,
  computeLadderTargetDuration,
} from "./ladder-hls.ts";
import { requireOutputKey } from "./preconditions.ts";

/** @throws JobFailure 4002 if the file has no fragment */
function* readTrack(track: LadderTrack): Generator<Step, EncodedTrack, StepResult> {
  const { path } = track.output;
  const file = yield* readFragmentedFile(path);
  const codec = file === undefined ? undefined : parseFileCodec(file.header);
  if (file === undefined || file.index.fragments.length === 0 || codec === undefined)
    throw new JobFailure(4002, `ffmpeg created no fragment of ${track.name} from the source.`);
  const { probe } = yield { kind: "probe", path };
  if (probe === undefined) throw new JobFailure(9000, `${track.name} could not be probed.`);
  return { ...track, index: file.index, codec, probe };
}

/** Reads the index, the header and the probe of each encoded file. Warns of audio without samples if it is optional. */
export function* readTracks(
  tracks: readonly LadderTrack[],
): Generator<Step, readonly EncodedTrack[], StepResult> {
  const encodedTracks: EncodedTrack[] = [];
  for (const track of tracks)
    try {
      encodedTracks.push(yield* readTrack(track));
    } catch (cause) {
      if (!track.isOptional || !isMediaFailure(cause)) throw cause;
      yield { kind: "warn", text: `Audio ${track.audio?.name} is not included: ${cause.message}` };
    }
  return encodedTracks;
}

const contentTypes = { m3u8: "application/vnd.apple.mpegurl", mpd: "application/dash+xml" } as const;

/** Writes a media playlist for each track, the DASH manifest and the HLS multivariant playlist. */
export function* writeLadderManifests(
  tracks: readonly EncodedTrack[],
  captions: readonly EncodedCaptions[],
  context: PlanContext,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const folder = requireOutputKey(context.outputKeys, "ladder");
  const targetDuration = computeLadderTargetDuration(tracks);
  const durationSeconds = Math.max(...tracks.map(({ index }) => computeIndexSeconds(index)));
  const texts: readonly (readonly [name: string, text: string, type: keyof typeof contentTypes])[] = [
    ...tracks.map(
      (track) => [track.playlistName, buildTrackPlaylist(track, targetDuration), "m3u8"] as const,
    ),
    ...captions.map(
      (file) => [file.playlistName, buildCaptionPlaylist(file, durationSeconds), "m3u8"] as const,
    ),
    ["manifest.mpd", buildManifest(tracks, captions, durationSeconds), "mpd"],
    ["master.m3u8", buildMaster(tracks, captions), "m3u8"],
  ];
  const outputs: PlannedOutput[] = [];
  for (const [name, text, type] of texts) {
    const path = `${context.scratchDirectory}/${name}`;
    yield { kind: "write", path, text };
    outputs.push({ path, key: `${folder}${name}`, contentType: contentTypes[type], isManifest: true });
  }
  return outputs;
}
