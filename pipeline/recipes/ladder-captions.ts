import { listCaptionTracks } from "../captions/caption-tracks.ts";
import { finishCaptions } from "../captions/extract-captions.ts";
import type { PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import type { EncodedCaptions, PlannedCaptions } from "./ladder-files.ts";
import { requireOutputKey } from "./preconditions.ts";

/** Plans a WebVTT file for each text track of the source. */
export const planCaptions = ({ source, scratchDirectory }: PlanContext): readonly PlannedCaptions[] =>
  listCaptionTracks(source.probe).map((track, position) => {
    const name = `subtitles-${position}.vtt`;
    return {
      track,
      name,
      playlistName: `subtitles-${position}.m3u8`,
      path: `${scratchDirectory}/${name}`,
    };
  });

/** Checks the extracted files. Those without a usable cue are left out, with a warning. */
export function* finishLadderCaptions(
  plannedCaptions: readonly PlannedCaptions[],
): Generator<Step, readonly EncodedCaptions[], StepResult> {
  const captions: EncodedCaptions[] = [];
  for (const { track, path, name, playlistName } of plannedCaptions) {
    const file = yield* finishCaptions(track, path);
    if (file !== undefined) captions.push({ ...file, name, playlistName });
  }
  return captions;
}

/** The WebVTT files of a ladder, for publishing. */
export const listCaptionOutputs = (
  captions: readonly EncodedCaptions[],
  { outputKeys }: PlanContext,
): readonly PlannedOutput[] =>
  captions.map(({ path, name }) => ({
    path,
    key: `${requireOutputKey(outputKeys, "ladder")}${name}`,
    contentType: "text/vtt",
    isManifest: false,
  }));
