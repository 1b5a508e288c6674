import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** Marks a value that is percent-encoded UTF-8, as an extended value of RFC 8187 is. */
const encodedPrefix = "UTF-8''";
/** S3's limit of user metadata, bytes of names and values together (Amazon S3 user guide, "Object metadata"). */
const maxMetadataBytes = 2048;

/** An HTTP header carries printable ASCII; white space at its ends, or doubled, may be lost on the way. */
const isHeaderSafe = (value: string): boolean =>
  /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value) && !value.startsWith(encodedPrefix);

const encode = (key: string, name: string, value: string): string => {
  if (isHeaderSafe(value)) return value;
  try {
    return `${encodedPrefix}${encodeURIComponent(value)}`;
  } catch {
    throw new StoreFailure("invalid", `Metadata ${name} of ${key} is no text: it holds half a character.`);
  }
};

const decode = (value: string): string => {
  if (!value.startsWith(encodedPrefix)) return value;
  try {
    return decodeURIComponent(value.slice(encodedPrefix.length));
  } catch {
    // An uploader's own text, which only begins as ours does.
    return value;
  }
};

/**
 * Metadata as S3 takes it: any text, in US-ASCII.
 *
 * @param key the object's, for the error
 * @throws StoreFailure `invalid` where it is over S3's 2 KB
 */
export const encodeMetadata = (
  key: string,
  metadata: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const encoded = Object.entries(metadata).map(([name, value]) => [name, encode(key, name, value)] as const);
  const sizes = encoded.map(([name, value]) => ({ name, bytes: Buffer.byteLength(name) + value.length }));
  const bytes = sizes.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > maxMetadataBytes) {
    const largest = sizes.reduce((a, b) => (b.bytes > a.bytes ? b : a));
    throw new StoreFailure(
      "invalid",
      `The metadata of ${key} takes ${bytes} bytes, S3 allows ${maxMetadataBytes}. Shorten "${largest.name}", which takes ${largest.bytes}.`,
    );
  }
  return Object.fromEntries(encoded);
};

/** Metadata as it was before {@link encodeMetadata}; an uploader's own stays as it is. */
export const decodeMetadata = (metadata: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, decode(value)]));
