/** A cookie that lets a browser read the objects of a folder. */
export interface PlaybackCookie {
  readonly name: string;
  readonly value: string;
  /** Path of the folder on the server, percent-encoded; the cookie's `Path`. */
  readonly path: string;
}

/** Lets a browser read private objects of the output bucket until a time. `*` and `?` in keys match only themselves. */
export interface PlaybackSigner {
  /** Returns the URL of one object, relative to the API: path `/output/KEY`, percent-encoded, with its signature. */
  signUrl(key: string, expiresAt: Date): Promise<string>;
  /**
   * Returns the cookies for all objects of one folder, e.g. of a ladder.
   *
   * @param folder ends in `/`
   */
  signFolder(folder: string, expiresAt: Date): Promise<readonly PlaybackCookie[]>;
}
