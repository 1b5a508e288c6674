import type { AudioProbe } from "../../media/probe.ts";
import type { AudioParameters } from "../presets/preset.ts";

/** Tracks of `OneChannelPerTrackWithMosTo8Tracks`: those without a channel are silent ("mit out sound"). */
const maxTracks = 8;

const channelLayouts: Readonly<Record<number, string>> = { 1: "mono", 2: "stereo" };

/**
 * The graph that puts every channel into a track of its own (`AudioPackingMode`, developer guide, "Preset settings");
 * undefined where one track holds all.
 *
 * @param channels how many of them carry sound
 * @param label begins the names of the graph's links
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
      // A silent track is the first one without its loudness, so that it is just as long.
      ...labels.map(
        (name, track) => `${splitLabels[track]}pan=mono|c0=${track < channels ? `c${track}` : "0*c0"}${name}`,
      ),
    ].join(";"),
  };
};
