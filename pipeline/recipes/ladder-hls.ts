import type { CaptionTrack } from "../captions/caption-tracks.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import { computeBandwidth } from "../packaging/bandwidth.ts";
import {
  buildMediaPlaylist,
  computeTargetDuration,
  listFragmentSegments,
} from "../packaging/hls-media-playlist.ts";
import {
  buildAudioGroup,
  buildMultivariantPlaylist,
  type HlsRendition,
} from "../packaging/hls-multivariant-playlist.ts";
import type { EncodedCaptions, EncodedTrack } from "./ladder-files.ts";

/** Byte ranges and a header per file (RFC 8216, 7). */
const hlsVersion = 7;
const audioGroupId = "audio";
const subtitlesGroupId = "subtitles";

/** Target duration in seconds of all tracks: those of one multivariant playlist must have the same. */
export const computeLadderTargetDuration = (tracks: readonly EncodedTrack[]): number =>
  Math.max(1, ...tracks.map(({ name, index }) => computeTargetDuration(listFragmentSegments(name, index))));

/** Builds the media playlist of a track: its file by byte ranges. */
export const buildTrackPlaylist = ({ name, index }: EncodedTrack, targetDuration: number): string =>
  buildMediaPlaylist({
    version: hlsVersion,
    targetDuration,
    map: { uri: name, range: index.headerRange },
    segments: listFragmentSegments(name, index),
  });

/** Builds the media playlist of captions: one segment for the whole presentation. */
export const buildCaptionPlaylist = ({ name }: EncodedCaptions, seconds: number): string =>
  buildMediaPlaylist({ version: hlsVersion, segments: [{ uri: name, seconds }] });

const buildVariant = ({ playlistName, index, codec, probe: { video } }: EncodedTrack) => ({
  uri: playlistName,
  bandwidth: computeBandwidth(index.fragments),
  codecs: [codec],
  ...(video === undefined
    ? {}
    : {
        size: { width: video.width, height: video.height },
        ...(video.frameRate === undefined ? {} : { frameRate: video.frameRate }),
        videoRange: "SDR" as const,
      }),
});

const describeAudio = (audio: AudioRendition | undefined): Partial<HlsRendition> => ({
  ...(audio?.language === undefined ? {} : { language: audio.language }),
  ...(audio?.isDescription === true ? { characteristics: ["public.accessibility.describes-video"] } : {}),
});

/** A client chooses a commentary only if the user asks for it. */
const buildAudioRendition = ({ audio, playlistName, probe }: EncodedTrack): HlsRendition => ({
  type: "AUDIO",
  groupId: audioGroupId,
  name: audio?.name ?? "",
  isDefault: audio?.isDefault === true,
  isAutoselect: audio?.isCommentary !== true,
  ...describeAudio(audio),
  ...(probe.audio === undefined ? {} : { channels: probe.audio.channels }),
  uri: playlistName,
});

/** Captions transcribe dialog, and describe music and sound (Apple's HLS authoring specification, 8.9). */
const captionCharacteristics = [
  "public.accessibility.transcribes-spoken-dialog",
  "public.accessibility.describes-music-and-sound",
];

const buildCaptionRendition = (
  { name, language, isDefault, isForced, kind }: CaptionTrack,
  uri: string,
): HlsRendition => ({
  type: "SUBTITLES",
  groupId: subtitlesGroupId,
  name,
  ...(language === undefined ? {} : { language }),
  isDefault,
  isAutoselect: true,
  ...(isForced ? { isForced } : {}),
  ...(kind === "captions" ? { characteristics: captionCharacteristics } : {}),
  uri,
});

/** Builds the multivariant playlist. Without video, the main audio is the only variant. */
export const buildMaster = (
  tracks: readonly EncodedTrack[],
  captions: readonly EncodedCaptions[],
): string => {
  const videoTracks = tracks.filter(({ type }) => type === "video");
  const audioTracks = tracks.filter(({ type }) => type === "audio");
  const variantTracks = videoTracks.length > 0 ? videoTracks : audioTracks.slice(0, 1);
  const hasAudioGroup = videoTracks.length > 0 ? audioTracks.length > 0 : audioTracks.length > 1;
  const audioGroup = buildAudioGroup(
    audioGroupId,
    // Audio alone is in the group itself, which adds nothing to it.
    videoTracks.length > 0 ? audioTracks.map(buildVariant) : [],
  );
  return buildMultivariantPlaylist({
    version: hlsVersion,
    hasIndependentSegments: true,
    renditions: [
      ...(hasAudioGroup ? audioTracks.map(buildAudioRendition) : []),
      ...captions.map(({ track, playlistName }) => buildCaptionRendition(track, playlistName)),
    ],
    variants: variantTracks.map((track) => ({
      ...buildVariant(track),
      ...(hasAudioGroup ? { audioGroup } : {}),
      ...(captions.length > 0 ? { subtitlesGroup: { id: subtitlesGroupId } } : {}),
    })),
  });
};
