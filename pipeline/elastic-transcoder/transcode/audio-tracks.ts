import type { AudioProbe } from "../../media/probe.ts";
import type { AudioParameters } from "../presets/preset.ts";

/** Tracks of `OneChannelPerTrackWithMosTo8Tracks`. Tracks without a channel are silent ("MOS"). */
const maxTracks = 8;

const channelLayouts: Readonly<Record<number, string>> = { 1: "mono", 2: "stereo" };

/**
 * Builds the filter graph that puts each channel into its own track (`AudioPackingMode`, developer guide, "Preset
 * settings"); undefined for a single track.
 *
 * @param channels number of tracks that are not silent
 * @param label prefix of the graph's link labels
 */
export const buildAudioTracks = (
  { AudioPackingMode: mode = "SingleTrack", Channels }: AudioParameters,
  source: AudioProbe,
  channels: number,
  label: string,
): { readonly graph: string; readonly labels: readonly string[] } | undefined => {
  if (mode === "SingleTrack") return undefined;
  const tracks = mode === "OneChannelPerTrackWithMosTo8Tracks" ? maxTracks : channels;
  const mixFilter =
    Channels === "auto" ? "anull" : `aformat=channel_layouts=${channelLayouts[channels] ?? "stereo"}`;
  const splitLabels = Array.from({ length: tracks }, (_, track) => `[${label}p${track}]`);
  const labels = Array.from({ length: tracks }, (_, track) => `[${label}${track}]`);
  return {
    labels,
    graph: [
      `[0:${source.index}]${mixFilter},asplit=${tracks}${splitLabels.join("")}`,
      // A silent track is the first channel at volume 0, so that it has the same duration.
      ...labels.map(
        (name, track) => `${splitLabels[track]}pan=mono|c0=${track < channels ? `c${track}` : "0*c0"}${name}`,
      ),
    ].join(";"),
  };
};
