import { readManifest } from "../../e2e/mpd.ts";
import type { ExpectedRendition, MediaFacts } from "../inputs/media-input.ts";
import { readMediaPlaylist, readMultivariantPlaylist } from "../measure/hls.ts";
import { readMp4Tracks } from "../measure/mp4.ts";
import { buildAudioChecks } from "./audio-checks.ts";
import { type Check, checkRange, checkText, checkTimes, findFile, type RecipeOutputs } from "./check.ts";
import { buildTimingChecks, type PlayedOutput } from "./timing-checks.ts";
import { buildColorChecks, buildVideoChecks } from "./video-checks.ts";

const listTrackFiles = ({ files }: RecipeOutputs, kind: "video" | "audio") =>
  files.filter(({ key, probe }) => key.endsWith(".mp4") && probe?.[kind] !== undefined);
const findTrack = (outputs: RecipeOutputs, kind: "video" | "audio", position: number): string => {
  const track = listTrackFiles(outputs, kind)[position];
  if (track === undefined) throw new Error(`no ${kind} track ${position + 1}`);
  return track.path;
};
/** The tallest rendition or the first audio track. */
const findTrackPath = (kind: "video" | "audio") => (outputs: RecipeOutputs) => findTrack(outputs, kind, 0);
const played = (label: string, timeline: PlayedOutput["timeline"]): PlayedOutput => ({
  label,
  timeline,
  toleranceSeconds: 0.021,
  video: findTrackPath("video"),
  audio: findTrackPath("audio"),
});

const formatLanguages = (renditions: readonly ExpectedRendition[]): string =>
  renditions
    .map(({ language }) =>
      language === undefined ? "und" : (Intl.getCanonicalLocales(language)[0] ?? "und"),
    )
    .join(", ") || "none";
const readHlsRenditions = (outputs: RecipeOutputs, type: string) => {
  const renditions = readMultivariantPlaylist(findFile(outputs, "master.m3u8").text).renditions.filter(
    (rendition) => rendition.type === type,
  );
  if (new Set(renditions.map(({ name }) => name)).size < renditions.length) throw new Error("equal names");
  return renditions;
};

/** Start times of the fragments of each rendition: a player can only switch where they agree. */
const checkAlignment: Check = checkText("keyframes of renditions", "aligned", async (outputs) => {
  const starts = await Promise.all(
    listTrackFiles(outputs, "video").map(async ({ path }) => {
      const [track] = await readMp4Tracks(path);
      if (track?.fragments.some(({ isFirstSampleSync }) => !isFirstSampleSync)) return "without keyframe";
      return (
        track?.fragments.map(({ presentationSeconds }) => presentationSeconds.toFixed(3)).join() ?? "none"
      );
    }),
  );
  return new Set(starts).size === 1 && !starts.includes("without keyframe") ? "aligned" : starts.join(" | ");
});

const readPlaylistSeconds = (outputs: RecipeOutputs): number => {
  const { variants } = readMultivariantPlaylist(findFile(outputs, "master.m3u8").text);
  const lengths = outputs.files
    .filter(({ key }) => key.endsWith(".m3u8") && !key.endsWith("master.m3u8"))
    .map(({ text }) => readMediaPlaylist(text).segmentSeconds.reduce((sum, seconds) => sum + seconds, 0));
  if (variants.length === 0) throw new Error("no variants");
  return Math.max(...lengths);
};

const buildManifestChecks = (facts: MediaFacts): readonly Check[] => {
  const seconds = Math.max(facts.videoSeconds ?? 0, facts.audioSeconds ?? 0);
  const { audioRenditions, subtitleRenditions } = facts;
  return [
    checkTimes("HLS duration", [seconds], 0.07, async (outputs) => [readPlaylistSeconds(outputs)]),
    checkTimes("DASH duration", [seconds], 0.07, async (outputs) => {
      const { key, text } = findFile(outputs, "manifest.mpd");
      return [readManifest(key, text).seconds];
    }),
    ...(audioRenditions === undefined
      ? []
      : [
          checkText("HLS audio renditions", formatLanguages(audioRenditions), async (outputs) =>
            formatLanguages(readHlsRenditions(outputs, "AUDIO")),
          ),
          checkRange(
            "DASH audio tracks",
            [audioRenditions.length, audioRenditions.length],
            "",
            async (outputs) => {
              const { key, text } = findFile(outputs, "manifest.mpd");
              return readManifest(key, text).audio.length;
            },
          ),
        ]),
    ...(subtitleRenditions === undefined
      ? []
      : [
          checkText("HLS subtitle renditions", formatLanguages(subtitleRenditions), async (outputs) =>
            formatLanguages(readHlsRenditions(outputs, "SUBTITLES")),
          ),
        ]),
  ];
};

/** Brightness and detail of the poster: black has none. */
const checkPoster: Check = checkRange("mean luma of poster", [50, Infinity], "", async (outputs) => {
  const [frame] = await outputs.media.fullFrames(findFile(outputs, "poster.jpg").path);
  if (frame === undefined) return 0;
  return frame.luma.reduce((sum, value) => sum + value, 0) / frame.luma.length;
});

/** Tracks, manifests and images of a ladder. */
export const buildLadderChecks = (facts: MediaFacts): readonly Check[] => {
  const hasVideo = facts.videoSeconds !== undefined;
  return [
    ...buildTimingChecks(facts, played("", "edits")),
    ...buildTimingChecks(facts, played(" (MSE)", "mse")),
    ...(hasVideo ? [checkAlignment, ...buildVideoChecks(facts, findTrackPath("video"))] : []),
    ...buildAudioChecks(
      facts,
      findTrackPath("audio"),
      facts.isLadderNormalized === true ? "normalized" : "measured",
    ),
    ...(facts.isLadderNormalized === true
      ? buildAudioChecks(facts, (outputs) => findTrack(outputs, "audio", 1), "normalized").map((check) => ({
          ...check,
          property: `${check.property} of second track`,
        }))
      : []),
    ...buildManifestChecks(facts),
    ...buildColorChecks("colors of smallest rendition", facts, (outputs) => {
      const last = listTrackFiles(outputs, "video").at(-1);
      if (last === undefined) throw new Error("no rendition");
      return last.path;
    }),
    ...(hasVideo
      ? [
          ...buildColorChecks("colors of poster", facts, (outputs) => findFile(outputs, "poster.jpg").path),
          ...buildColorChecks("colors of sprite", facts, (outputs) => findFile(outputs, "sprite.jpg").path),
        ]
      : []),
    ...(facts.needsPosterSelection === true ? [checkPoster] : []),
  ];
};
