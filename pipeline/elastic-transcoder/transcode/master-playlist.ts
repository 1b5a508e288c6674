import type { Size } from "../../media/geometry.ts";
import type { Bandwidth } from "../../packaging/bandwidth.ts";
import { buildAudioGroup, buildMultivariantPlaylist } from "../../packaging/hls-multivariant-playlist.ts";

/** One output in a master playlist. */
export interface MasterPlaylistEntry {
  readonly uri: string;
  readonly bandwidth: Bandwidth;
  /** Display size; absent for audio only. */
  readonly size?: Size;
  readonly hasAudio: boolean;
  /** RFC 6381. */
  readonly codecs: readonly string[];
}

const audioGroupId = "audio";

/**
 * Builds the master playlist of an HLSv3 job. An audio-only output is a variant of its own, as in the service. It is also
 * the audio of video-only outputs (EXT-X-MEDIA, version 4), which would otherwise be silent.
 */
export const buildMasterPlaylist = (entries: readonly MasterPlaylistEntry[]): string => {
  const audioEntries = entries.filter(({ size }) => size === undefined);
  const isSilentVideo = ({ size, hasAudio }: MasterPlaylistEntry) => size !== undefined && !hasAudio;
  const hasAudioGroup = entries.some(isSilentVideo) && audioEntries.length > 0;
  const [firstAudio] = audioEntries;
  const videoAudioGroup = {
    ...buildAudioGroup(audioGroupId, audioEntries),
    codecs: firstAudio?.codecs ?? [],
  };
  // An audio-only variant is itself in the group, so the group adds nothing to it.
  const ownAudioGroup = buildAudioGroup(audioGroupId, []);
  const selectGroup = (entry: MasterPlaylistEntry) =>
    isSilentVideo(entry) ? videoAudioGroup : entry.size === undefined ? ownAudioGroup : undefined;
  return buildMultivariantPlaylist({
    version: hasAudioGroup ? 4 : 3,
    renditions: hasAudioGroup
      ? audioEntries.map(({ uri }, index) => ({
          type: "AUDIO",
          groupId: audioGroupId,
          name: `audio ${index + 1}`,
          isDefault: index === 0,
          isAutoselect: true,
          uri,
        }))
      : [],
    variants: entries.map((entry) => {
      const { uri, bandwidth, codecs, size } = entry;
      const audioGroup = hasAudioGroup ? selectGroup(entry) : undefined;
      return {
        uri,
        bandwidth,
        codecs,
        ...(size === undefined ? {} : { size }),
        ...(audioGroup === undefined ? {} : { audioGroup }),
      };
    }),
  });
};
