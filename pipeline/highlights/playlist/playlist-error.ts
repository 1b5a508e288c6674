const maxQuotedLength = 80;

/** A playlist is not valid, or needs something that is not supported. The message says what and why. */
export class PlaylistError extends Error {
  override readonly name = "PlaylistError";
  /** Number of the line, from 1; absent if the whole playlist is meant. */
  readonly line?: number;

  constructor(reason: string, line?: number) {
    super(line === undefined ? `The playlist ${reason}.` : `Line ${line} of the playlist: ${reason}.`);
    this.line = line;
  }
}

/** Quotes text of a playlist for a message: at most 80 characters, and no query, which may contain a token. */
export const quoteText = (text: string): string => {
  const query = text.indexOf("?");
  const shown = query === -1 ? text : text.slice(0, query);
  const isShortened = query !== -1 || shown.length > maxQuotedLength;
  return JSON.stringify(`${shown.slice(0, maxQuotedLength)}${isShortened ? "…" : ""}`);
};
