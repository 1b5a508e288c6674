import { parseAttributes, requireAttribute, type SubstituteVariables } from "./attributes.ts";
import { playlistLimits } from "./limits.ts";
import type { TagLine } from "./lines.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";

/** The variables of a playlist (RFC 8216bis, 4.4.2.3). A tag defines one for the lines that follow. */
export interface Variables {
  readonly values: ReadonlyMap<string, string>;
  /** Reads an `EXT-X-DEFINE` tag. @throws PlaylistError if it is not valid */
  define(line: TagLine): void;
  /** Replaces each `{$name}`, once. @throws PlaylistError if a variable is not defined or the text becomes too long */
  readonly substitute: SubstituteVariables;
}

/** @param imported the variables of the multivariant playlist, for `IMPORT` */
export const createVariables = (
  playlistUrl: string,
  imported: ReadonlyMap<string, string> = new Map(),
): Variables => {
  const values = new Map<string, string>();
  let characters = 0;

  const substitute: SubstituteVariables = (text, line) => {
    if (!text.includes("{$")) return text;
    let length = 0;
    const count = (part: string): string => {
      length += part.length;
      characters += part.length;
      if (length > playlistLimits.lineCharacters || characters > playlistLimits.characters)
        throw new PlaylistError("is too long after the replacement of its variables", line);
      return part;
    };
    return text.replaceAll(/\{\$([\w-]+)\}/g, (_, name: string) => {
      const value = values.get(name);
      if (value === undefined)
        throw new PlaylistError(
          `the variable ${quoteText(name)} is not defined by EXT-X-DEFINE before`,
          line,
        );
      return count(value);
    });
  };

  const readValue = (kind: string, name: string, line: number): string => {
    if (kind === "IMPORT") {
      const value = imported.get(name);
      if (value === undefined)
        throw new PlaylistError(
          `the multivariant playlist does not define the variable ${quoteText(name)}`,
          line,
        );
      return value;
    }
    const value = new URL(playlistUrl).searchParams.get(name);
    if (value === null)
      throw new PlaylistError(`the playlist's URL has no query parameter ${quoteText(name)}`, line);
    return value;
  };

  const define = (line: TagLine): void => {
    const attributes = parseAttributes(line, substitute);
    const kind = ["NAME", "IMPORT", "QUERYPARAM"].find((attribute) => attributes.values.has(attribute));
    if (kind === undefined)
      throw new PlaylistError("EXT-X-DEFINE has neither NAME nor IMPORT nor QUERYPARAM", line.number);
    const name = requireAttribute(attributes, kind);
    if (values.has(name))
      throw new PlaylistError(`the variable ${quoteText(name)} is defined twice`, line.number);
    const value = kind === "NAME" ? attributes.values.get("VALUE") : readValue(kind, name, line.number);
    if (value === undefined) throw new PlaylistError("EXT-X-DEFINE has a NAME and no VALUE", line.number);
    values.set(name, value);
  };

  return { values, define, substitute };
};
