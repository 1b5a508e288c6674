import { type AudioSource, listAudioSources, selectMainAudio } from "./audio-tracks.ts";
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

const maxRenditions = 8;
const languageNames = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/**
 * Converts a language tag of a container to BCP 47, e.g. `ger` (ISO 639-2) to `de`; undefined if the tag is not valid
 * or says that the language is unknown.
 */
export const normalizeLanguage = (tag: string | undefined): string | undefined => {
  if (tag === undefined || !/^[a-z]{2,3}(?:-[a-z\d]{1,8})*$/i.test(tag)) return undefined;
  try {
    const [language] = Intl.getCanonicalLocales(tag);
    return language === "und" ? undefined : language;
  } catch {
    return undefined;
  }
};

const describeKind = (isCommentary: boolean, isDescription: boolean): string =>
  isDescription ? " (audio description)" : isCommentary ? " (commentary)" : "";

/** Adds a number to each name that occurs before it in the list. */
const makeUnique = (names: readonly string[]): readonly string[] => {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; used.has(unique); number += 1) unique = `${name} ${number}`;
    used.add(unique);
    return unique;
  });
};

/** A pair's tracks are titled by channel, so its title says nothing about the program. */
const getTitle = (source: AudioSource): string | undefined =>
  source.length === 1 ? source[0].title?.replace(/\s+/g, " ").trim() || undefined : undefined;

const buildName = (source: AudioSource, language: string | undefined, position: number): string => {
  const title = getTitle(source);
  if (title !== undefined) return title;
  const [{ isCommentary = false, isVisualImpaired = false }] = source;
  const name = language === undefined ? undefined : languageNames.of(language);
  return `${name ?? `Audio ${position}`}${describeKind(isCommentary, isVisualImpaired)}`;
};

/**
 * Lists the audio of a source as renditions, the main one first, then in file order; at most eight. A pair of mono
 * tracks is one rendition.
 */
export const listAudioRenditions = (probe: Probe): readonly AudioRendition[] => {
  const main = selectMainAudio(probe);
  if (main === undefined) return [];
  const others = listAudioSources(probe).filter(([{ index }]) => index !== main[0].index);
  const sources = [main, ...others].slice(0, maxRenditions);
  const languages = sources.map(([{ language }]) => normalizeLanguage(language));
  const names = makeUnique(sources.map((source, index) => buildName(source, languages[index], index + 1)));
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
