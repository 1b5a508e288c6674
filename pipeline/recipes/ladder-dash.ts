import type { CaptionTrack } from "../captions/caption-tracks.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import {
  buildDashManifest,
  type DashMediaFile,
  type DashRole,
  type DashTrack,
} from "../packaging/dash-manifest.ts";
import type { EncodedCaptions, EncodedTrack } from "./ladder-files.ts";

const buildFile = ({ name, index, codec, probe: { video, audio } }: EncodedTrack): DashMediaFile => ({
  uri: name,
  index,
  codecs: codec,
  ...(video === undefined ? {} : { video }),
  ...(audio === undefined ? {} : { audio }),
});

const listAudioRoles = ({ isDefault, isCommentary, isDescription }: AudioRendition): readonly DashRole[] => [
  isDefault ? "main" : "alternate",
  ...(isCommentary ? (["commentary"] as const) : []),
  ...(isDescription ? (["description"] as const) : []),
];

const describeAudio = (audio: AudioRendition | undefined): DashTrack =>
  audio === undefined
    ? {}
    : {
        ...(audio.language === undefined ? {} : { language: audio.language }),
        label: audio.name,
        roles: listAudioRoles(audio),
        isVideoDescription: audio.isDescription,
      };

const describeCaptions = ({ language, name, isDefault, isForced, kind }: CaptionTrack): DashTrack => ({
  ...(language === undefined ? {} : { language }),
  label: name,
  roles: [
    isForced ? "forced-subtitle" : kind === "captions" ? "caption" : "subtitle",
    ...(isDefault ? (["main"] as const) : []),
  ],
});

/** Builds the DASH manifest: one set of all video, and one for each audio and caption track. */
export const buildManifest = (
  tracks: readonly EncodedTrack[],
  captions: readonly EncodedCaptions[],
  durationSeconds: number,
): string =>
  buildDashManifest([
    { contentType: "video", files: tracks.filter(({ type }) => type === "video").map(buildFile) },
    ...tracks
      .filter(({ type }) => type === "audio")
      .map((track) => ({
        ...describeAudio(track.audio),
        contentType: "audio" as const,
        files: [buildFile(track)],
      })),
    ...captions.map(({ track, name, bytes }) => ({
      ...describeCaptions(track),
      contentType: "text" as const,
      files: [{ uri: name, bytes, durationSeconds }],
    })),
  ]);
