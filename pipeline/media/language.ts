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

/** English name of a language, e.g. `German`; undefined if it has none. @param language BCP 47 */
export const getLanguageName = (language: string | undefined): string | undefined =>
  language === undefined ? undefined : languageNames.of(language);

/**
 * A track's title on one line, without quotes, which HLS cannot contain, and characters that XML cannot; undefined without
 * one.
 */
export const normalizeTitle = (title: string | undefined): string | undefined =>
  title?.replace(/[\s"\p{Cc}\p{Cs}\uFFFE\uFFFF]+/gu, " ").trim() || undefined;

/** Adds a number to each name that occurs before it in the list. */
export const makeNamesUnique = (names: readonly string[]): readonly string[] => {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; used.has(unique); number += 1) unique = `${name} ${number}`;
    used.add(unique);
    return unique;
  });
};
