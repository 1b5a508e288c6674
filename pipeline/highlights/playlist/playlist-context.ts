import type { SubstituteVariables } from "./attributes.ts";

/** What the lines of a playlist are read with. */
export interface PlaylistContext {
  /** Absolute URL of the playlist. */
  readonly url: string;
  /** Replaces variables. The values of `parseAttributes` are already replaced. */
  readonly substitute: SubstituteVariables;
  /** Makes a URI absolute. @throws PlaylistError if it is not valid, not http: or https:, or too long */
  resolveUrl(uri: string, line: number): string;
}
