import { type AudioFilterOptions, buildAudioFilters } from "../../encoding/audio-filters.ts";
import type { AudioTrackGroup } from "../../media/audio-tracks.ts";
import type { AudioParameters } from "../presets/preset.ts";

/** Tracks of `OneChannelPerTrackWithMosTo8Tracks`. Tracks without a channel are silent ("MOS"). */
const maxTracks = 8;

/**
 * Builds the filter graph that puts each channel into its own track (`AudioPackingMode`, developer guide, "Preset
 * settings"); undefined for a single track.
 *
 * @param channels number of tracks that are not silent
 * @param label prefix of the graph's link labels
 * @param options position in the source at which reading starts, shift of the video, maximum true peak
 */
export const buildAudioTracks = (
  { AudioPackingMode: mode = "SingleTrack" }: AudioParameters,
  group: AudioTrackGroup,
  channels: number,
  label: string,
  options: Pick<AudioFilterOptions, "seekSeconds" | "shiftSeconds" | "ceilingDbtp">,
): { readonly graph: string; readonly labels: readonly string[] } | undefined => {
  if (mode === "SingleTrack") return undefined;
  const tracks = mode === "OneChannelPerTrackWithMosTo8Tracks" ? maxTracks : channels;
  const filters = buildAudioFilters(group, { channels, sampleRate: "source", ...options }, `${label}s`);
  const input = group.length === 1 ? `[0:${group[0].index}]` : "";
  const splitLabels = Array.from({ length: tracks }, (_, track) => `[${label}p${track}]`);
  const labels = Array.from({ length: tracks }, (_, track) => `[${label}${track}]`);
  return {
    labels,
    graph: [
      `${input}${filters},asplit=${tracks}${splitLabels.join("")}`,
      // A silent track is the first channel at volume 0, so that it has the same duration.
      ...labels.map(
        (name, track) => `${splitLabels[track]}pan=mono|c0=${track < channels ? `c${track}` : "0*c0"}${name}`,
      ),
    ].join(";"),
  };
};
