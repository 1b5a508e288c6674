import type { AudioProbe, Probe } from "./probe.ts";

/** The tracks of one audio program: one track, or two mono tracks that together are stereo, left first. */
export type AudioTrackGroup = readonly [AudioProbe] | readonly [left: AudioProbe, right: AudioProbe];

/** Containers in which cameras record the channels of one recording as mono tracks. `mov` is MP4 as well. */
const cameraFormats: ReadonlySet<string> = new Set(["mxf", "mov", "avi"]);
/** Maximum difference in duration of two tracks of one recording. */
const maxDifferenceSeconds = 0.1;

const isProgram = (track: AudioProbe): boolean =>
  track.isCommentary !== true && track.isVisualImpaired !== true && track.isHearingImpaired !== true;

/**
 * Selects the track to play: the default one, else the first. Commentary and tracks for visually or hearing impaired
 * people come last, even if one of them is the default. Tracks without channels cannot be decoded and do not count.
 */
export const selectMainTrack = (tracks: readonly AudioProbe[]): AudioProbe | undefined => {
  const decodable = tracks.filter(({ channels }) => channels > 0);
  const program = decodable.filter(isProgram);
  const candidates = program.length > 0 ? program : decodable;
  return candidates.find(({ isDefault }) => isDefault === true) ?? candidates[0];
};

const channelWords: ReadonlySet<string> = new Set(["left", "right", "l", "r"]);

/** Removes from a title what distinguishes the channels of one recording: a number, or left and right. */
const removeChannelWords = (title: string | undefined): string =>
  (title ?? "")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => !channelWords.has(word))
    .join(" ")
    .trim();
const isSameTime = (a = 0, b = 0): boolean => Math.abs(a - b) <= maxDifferenceSeconds;

/**
 * True if two mono tracks have the same program, length, language and kind of title. If only the second is the default,
 * somebody chose it: muxers mark the first.
 */
const isPair = (left: AudioProbe, right: AudioProbe): boolean =>
  [left, right].every((track) => track.channels === 1 && isProgram(track)) &&
  (left.isDefault === true || right.isDefault !== true) &&
  left.codec === right.codec &&
  left.sampleRate === right.sampleRate &&
  left.language === right.language &&
  isSameTime(left.startSeconds, right.startSeconds) &&
  isSameTime(left.durationSeconds, right.durationSeconds) &&
  removeChannelWords(left.title) === removeChannelWords(right.title);

/** Groups mono tracks in file order: first and second, third and fourth. */
const groupTracks = (tracks: readonly AudioProbe[]): readonly AudioTrackGroup[] => {
  const groups: AudioTrackGroup[] = [];
  for (let index = 0; index < tracks.length; index += 1) {
    const [track, next] = [tracks[index], tracks[index + 1]];
    if (track === undefined) continue;
    if (next !== undefined && isPair(track, next)) {
      groups.push([track, next]);
      index += 1;
    } else groups.push([track]);
  }
  return groups;
};

const getTracks = ({ audio, audioTracks }: Probe): readonly AudioProbe[] =>
  (audioTracks ?? (audio === undefined ? [] : [audio])).filter(({ channels }) => channels > 0);

/** Containers whose mono tracks can be pairs: those of cameras (MXF, QuickTime, AVI), or any. */
type PairedContainers = "camera" | "any";

/** Lists a source's audio in file order, with pairs of mono tracks as stereo. */
export const listAudioTrackGroups = (
  probe: Probe,
  pairedContainers: PairedContainers = "camera",
): readonly AudioTrackGroup[] => {
  const tracks = getTracks(probe);
  return pairedContainers === "any" || probe.formats.some((format) => cameraFormats.has(format))
    ? groupTracks(tracks)
    : tracks.map((track) => [track]);
};

/** Selects the audio of a source for outputs with one audio track; undefined without audio. */
export const selectMainAudio = (
  probe: Probe,
  pairedContainers?: PairedContainers,
): AudioTrackGroup | undefined => {
  const main = probe.audio ?? selectMainTrack(getTracks(probe));
  if (main === undefined) return undefined;
  return (
    listAudioTrackGroups(probe, pairedContainers).find((group) =>
      group.some(({ index }) => index === main.index),
    ) ?? [main]
  );
};
