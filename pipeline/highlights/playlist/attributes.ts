import type { ByteRange } from "../channel-fetcher.ts";
import { playlistLimits } from "./limits.ts";
import type { TagLine } from "./lines.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";

/** Replaces the variables of a text, e.g. `seg-{$token}.ts`. */
export type SubstituteVariables = (text: string, line: number) => string;

/** The attribute list of a tag (RFC 8216, 4.2). Values are without quotes. */
export interface Attributes {
  readonly line: TagLine;
  readonly values: ReadonlyMap<string, string>;
}

const maxNumberLength = 40;

/**
 * Parses an attribute list. Accepts spaces around names, values and commas, empty entries, and a quoted value where an
 * unquoted one belongs.
 *
 * @throws PlaylistError if it is not an attribute list or has an attribute twice with different values
 */
export const parseAttributes = (line: TagLine, substitute: SubstituteVariables): Attributes => {
  const { value: text, tag, number } = line;
  const fail = (reason: string): never => {
    throw new PlaylistError(`${tag} ${reason}`, number);
  };
  const values = new Map<string, string>();
  let index = 0;
  const skip = (pattern: RegExp): void => {
    while (index < text.length && pattern.test(text.charAt(index))) index += 1;
  };
  for (;;) {
    skip(/[\s,]/);
    if (index >= text.length) return { line, values };
    const equals = text.indexOf("=", index);
    if (equals === -1) fail(`has an attribute without a value: ${quoteText(text.slice(index))}`);
    const name = text.slice(index, equals).trim();
    if (!/^[\w-]+$/.test(name)) fail(`has an attribute with the name ${quoteText(name)}, which is not valid`);
    index = equals + 1;
    skip(/\s/);
    let value: string;
    if (text.charAt(index) === '"') {
      const close = text.indexOf('"', index + 1);
      if (close === -1) fail(`has no closing quote after ${name}`);
      value = text.slice(index + 1, close);
      index = close + 1;
      skip(/\s/);
      if (index < text.length && text.charAt(index) !== ",")
        fail(`has ${quoteText(text.slice(index))} after the closing quote of ${name}`);
    } else {
      const comma = text.indexOf(",", index);
      const end = comma === -1 ? text.length : comma;
      value = text.slice(index, end).trim();
      if (value.includes('"')) fail(`has a quote within the value of ${name}`);
      index = end;
    }
    value = substitute(value, number);
    if ((values.get(name) ?? value) !== value) fail(`has ${name} twice, with different values`);
    values.set(name, value);
  }
};

/** @throws PlaylistError unless `text` is a whole number up to 2^53 − 1 */
export const parseInteger = (text: string, name: string, line: number): number => {
  const value = text.length <= maxNumberLength && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw new PlaylistError(
      `${name} is ${quoteText(text)}, not a whole number up to ${Number.MAX_SAFE_INTEGER}`,
      line,
    );
  return value;
};

/** @throws PlaylistError unless `text` is a decimal number of at least 0 */
export const parseDecimal = (text: string, name: string, line: number): number => {
  if (text.length > maxNumberLength || !/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text))
    throw new PlaylistError(`${name} is ${quoteText(text)}, not a decimal number of at least 0`, line);
  return Number(text);
};

/** Parses `LENGTH[@OFFSET]`. @throws PlaylistError if it is not valid or has no bytes */
export const parseByteRange = (
  text: string,
  name: string,
  line: number,
): { readonly length: number; readonly offset?: number } => {
  const at = text.indexOf("@");
  const length = parseInteger((at === -1 ? text : text.slice(0, at)).trim(), `the length of ${name}`, line);
  if (length === 0) throw new PlaylistError(`${name} has no bytes`, line);
  return at === -1
    ? { length }
    : { length, offset: parseInteger(text.slice(at + 1).trim(), `the offset of ${name}`, line) };
};

/** @throws PlaylistError if the range ends after byte 2^53 − 1 */
export const checkByteRange = (range: ByteRange, line: number): ByteRange => {
  if (!Number.isSafeInteger(range.offset + range.length))
    throw new PlaylistError(`the byte range ends after byte ${Number.MAX_SAFE_INTEGER}`, line);
  return range;
};

/** Returns a value that the tag must have. @throws PlaylistError if it is absent or empty */
export const requireAttribute = ({ line, values }: Attributes, name: string): string => {
  const value = values.get(name);
  if (value === undefined || value === "")
    throw new PlaylistError(`${line.tag} has no ${name}, which is required`, line.number);
  return value;
};

/** @returns undefined if the attribute is absent */
export const readNumber = (
  { line, values }: Attributes,
  name: string,
  parse: (text: string, name: string, line: number) => number,
): number | undefined => {
  const text = values.get(name);
  return text === undefined ? undefined : parse(text, `${name} of ${line.tag}`, line.number);
};

/** Creates the function that makes URIs of a playlist absolute. It counts them against the limits. */
export const createUrlResolver = (playlistUrl: string): ((uri: string, line: number) => string) => {
  const base = parseBase(playlistUrl);
  let characters = 0;
  return (uri, line) => {
    if (!URL.canParse(uri, base.href)) throw new PlaylistError(`${quoteText(uri)} is not a valid URL`, line);
    const { protocol, href } = new URL(uri, base);
    // A recording may be read from another scheme, and then stays in it; a server must not name local files.
    if (!["http:", "https:", base.protocol].includes(protocol))
      throw new PlaylistError(
        `${quoteText(uri)} has the scheme ${quoteText(protocol)}. Only http: and https: are supported`,
        line,
      );
    if (href.length > playlistLimits.urlCharacters)
      throw new PlaylistError(
        `the URL has ${href.length} characters; the limit is ${playlistLimits.urlCharacters}`,
        line,
      );
    characters += href.length;
    if (characters > playlistLimits.allUrlCharacters)
      throw new PlaylistError(
        `the URLs of the playlist have more than ${playlistLimits.allUrlCharacters} characters`,
        line,
      );
    return href;
  };
};

const parseBase = (url: string): URL => {
  if (!URL.canParse(url) || url.length > playlistLimits.urlCharacters)
    throw new PlaylistError("has an invalid URL or one that is too long");
  return new URL(url);
};
