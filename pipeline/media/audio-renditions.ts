import { type AudioSource, listAudioSources, selectMainAudio } from "./audio-tracks.ts";
import { getLanguageName, makeNamesUnique, normalizeLanguage, normalizeTitle } from "./language.ts";
import type { Probe } from "./probe.ts";

/** One of the audio tracks from which a viewer chooses. */
export interface AudioRendition {
  readonly source: AudioSource;
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
const getTitle = (source: AudioSource): string | undefined =>
  source.length === 1 ? normalizeTitle(source[0].title) : undefined;

const buildName = (source: AudioSource, language: string | undefined, position: number): string => {
  const title = getTitle(source);
  if (title !== undefined) return title;
  const [{ isCommentary = false, isVisualImpaired = false }] = source;
  return `${getLanguageName(language) ?? `Audio ${position}`}${describeKind(isCommentary, isVisualImpaired)}`;
};

/**
 * Lists the audio of a source as renditions, the main one first, then in file order; at most eight. A pair of mono
 * tracks is one rendition.
 */
export const listAudioRenditions = (probe: Probe): readonly AudioRendition[] => {
  const main = selectMainAudio(probe);
  if (main === undefined) return [];
  const others = listAudioSources(probe).filter(([{ index }]) => index !== main[0].index);
  const sources = [main, ...others].slice(0, maxAudioRenditions);
  const languages = sources.map(([{ language }]) => normalizeLanguage(language));
  const names = makeNamesUnique(
    sources.map((source, index) => buildName(source, languages[index], index + 1)),
  );
  return sources.map((source, index): AudioRendition => {
    const language = languages[index];
    return {
      source,
      ...(language === undefined ? {} : { language }),
      name: names[index] ?? "",
      isDefault: index === 0,
      isCommentary: source[0].isCommentary === true,
      isDescription: source[0].isVisualImpaired === true,
    };
  });
};
