/** Trusted text, and foreign names and values as `{ code }`, which each output format escapes. */
export type Phrase = readonly (string | { readonly code: string })[];

/** Marks a name or a value in a phrase. */
export const code = (text: string): { readonly code: string } => ({ code: text });

/** Joins items: "a, b and c". */
export const enumerate = (items: readonly (string | { readonly code: string })[], last = "and"): Phrase =>
  items.flatMap((item, at) => (at === 0 ? [item] : [at === items.length - 1 ? ` ${last} ` : ", ", item]));

/** Renders a phrase as plain text. */
export const toPlainText = (phrase: Phrase): string =>
  phrase.map((piece) => (typeof piece === "string" ? piece : piece.code)).join("");

/** Capitalises the first letter of a phrase. */
export const capitalise = (phrase: Phrase): Phrase => {
  const [first, ...rest] = phrase;
  return typeof first === "string" ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : phrase;
};
