/** Words of ours, and names and values of others: `{ code }`, which every output escapes in its own way. */
export type Phrase = readonly (string | { readonly code: string })[];

/** A name or a value in a phrase. */
export const code = (text: string): { readonly code: string } => ({ code: text });

/** A, b and c. */
export const enumerate = (items: readonly (string | { readonly code: string })[], last = "and"): Phrase =>
  items.flatMap((item, at) => (at === 0 ? [item] : [at === items.length - 1 ? ` ${last} ` : ", ", item]));

/** The phrase for a reader of plain text. */
export const toPlainText = (phrase: Phrase): string =>
  phrase.map((piece) => (typeof piece === "string" ? piece : piece.code)).join("");

/** A phrase that begins a sentence. */
export const capitalise = (phrase: Phrase): Phrase => {
  const [first, ...rest] = phrase;
  return typeof first === "string" ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : phrase;
};
