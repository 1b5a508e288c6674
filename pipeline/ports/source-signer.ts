import type { ObjectReference } from "./object-store.ts";

/** How a client reads a source. */
export interface SourceUrlOptions {
  /** Name for a file that a browser saves. */
  readonly fileName: string;
  /** Seconds until the URL expires. */
  readonly expirySeconds: number;
}

/** Lets clients without credentials read one version of an object of the input bucket until a time. */
export interface SourceSigner {
  /** Returns a URL for GET, with ranges; absolute, or relative to the API. */
  signUrl(source: ObjectReference, options: SourceUrlOptions): Promise<string>;
}
