/** A cookie that lets a browser read the objects of a folder. */
export interface PlaybackCookie {
  readonly name: string;
  readonly value: string;
  /** Path of the folder on the server, percent-encoded; the cookie's `Path`. */
  readonly path: string;
}

/** Nothing can be signed. The message is for an operator. */
export class PlaybackUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PlaybackUnavailable";
  }
}

/**
 * Lets a browser read private objects of the output bucket until a time. `*` and `?` in keys match only themselves. The
 * methods reject with `PlaybackUnavailable` if the outputs cannot be served.
 */
export interface PlaybackSigner {
  /** Returns the URL of one object with its signature; absolute, or relative to the API. */
  signUrl(key: string, expiresAt: Date): Promise<string>;
  /**
   * Returns the cookies for all objects of one folder, e.g. of a ladder.
   *
   * @param folder ends in `/`
   */
  signFolder(folder: string, expiresAt: Date): Promise<readonly PlaybackCookie[]>;
}
