import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** Prefix of a percent-encoded UTF-8 value, as in RFC 8187. */
const encodedPrefix = "UTF-8''";
/** S3's limit for user metadata, names and values together (Amazon S3 user guide, "Object metadata"). */
const maxMetadataBytes = 2048;

/** HTTP headers support printable ASCII. Leading, trailing or repeated spaces may be lost. */
const isHeaderSafe = (value: string): boolean =>
  /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value) && !value.startsWith(encodedPrefix);

const encode = (key: string, name: string, value: string): string => {
  if (isHeaderSafe(value)) return value;
  try {
    return `${encodedPrefix}${encodeURIComponent(value)}`;
  } catch {
    throw new StoreFailure(
      "invalid",
      `Metadata ${name} of ${key} is not valid Unicode: it contains a lone surrogate.`,
    );
  }
};

const decode = (value: string): string => {
  if (!value.startsWith(encodedPrefix)) return value;
  try {
    return decodeURIComponent(value.slice(encodedPrefix.length));
  } catch {
    // An uploader's own value that happens to begin with the prefix.
    return value;
  }
};

/**
 * Encodes metadata for S3: any text, in US-ASCII.
 *
 * @param key key of the object, for the error message
 * @throws StoreFailure `invalid` if it exceeds S3's limit of 2 KB
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
      `The metadata of ${key} is ${bytes} bytes. S3 allows ${maxMetadataBytes} bytes. Shorten "${largest.name}", which is ${largest.bytes} bytes.`,
    );
  }
  return Object.fromEntries(encoded);
};

/** Reverts {@link encodeMetadata}. An uploader's own metadata is unchanged. */
export const decodeMetadata = (metadata: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, decode(value)]));
