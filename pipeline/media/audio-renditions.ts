import { type AudioTrackGroup, listAudioTrackGroups, selectMainAudio } from "./audio-tracks.ts";
import { getLanguageName, makeNamesUnique, normalizeLanguage, normalizeTitle } from "./language.ts";
import type { Probe } from "./probe.ts";

/** One of the audio tracks from which a viewer chooses. */
export interface AudioRendition {
  readonly tracks: AudioTrackGroup;
  /** BCP 47; absent if unknown. */
  readonly language?: string;
  /** The track's title, else its language in English, else `Audio` and a number. Unique in its list. */
  readonly name: string;
  /** True for the main audio, and for no other. */
  readonly isDefault: boolean;
  readonly isCommentary: boolean;
  /** True for audio description for the visually impaired. */
  readonly isDescription: boolean;
}

/** Maximum number of audio renditions. */
export const maxAudioRenditions = 8;
const describeKind = (isCommentary: boolean, isDescription: boolean): string =>
  isDescription ? " (audio description)" : isCommentary ? " (commentary)" : "";

/** A pair's tracks are titled by channel, so its title says nothing about the program. */
const getTitle = (tracks: AudioTrackGroup): string | undefined =>
  tracks.length === 1 ? normalizeTitle(tracks[0].title) : undefined;

const buildName = (tracks: AudioTrackGroup, language: string | undefined, position: number): string => {
  const title = getTitle(tracks);
  if (title !== undefined) return title;
  const [{ isCommentary = false, isVisualImpaired = false }] = tracks;
  return `${getLanguageName(language) ?? `Audio ${position}`}${describeKind(isCommentary, isVisualImpaired)}`;
};

/**
 * Lists the audio of a source as renditions, the main one first, then in file order; at most eight. A pair of mono
 * tracks is one rendition.
 */
export const listAudioRenditions = (probe: Probe): readonly AudioRendition[] => {
  const main = selectMainAudio(probe);
  if (main === undefined) return [];
  const others = listAudioTrackGroups(probe).filter(([{ index }]) => index !== main[0].index);
  const groups = [main, ...others].slice(0, maxAudioRenditions);
  const languages = groups.map(([{ language }]) => normalizeLanguage(language));
  const names = makeNamesUnique(
    groups.map((tracks, index) => buildName(tracks, languages[index], index + 1)),
  );
  return groups.map((tracks, index): AudioRendition => {
    const language = languages[index];
    return {
      tracks,
      ...(language === undefined ? {} : { language }),
      name: names[index] ?? "",
      isDefault: index === 0,
      isCommentary: tracks[0].isCommentary === true,
      isDescription: tracks[0].isVisualImpaired === true,
    };
  });
};
