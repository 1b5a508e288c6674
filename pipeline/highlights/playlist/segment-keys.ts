import { type Attributes, requireAttribute } from "./attributes.ts";
import type { PlaylistContext } from "./playlist-context.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";

/** A key that applies to the segments after its tag. */
interface DeclaredKey {
  readonly line: number;
  readonly method: string;
  readonly format: string;
  readonly url: string;
  /** Absent: computed from each segment's media sequence number. */
  readonly iv?: Uint8Array;
}
/** The keys in effect, by key format: they are alternatives, of which a client uses one. */
export type KeysInEffect = ReadonlyMap<string, DeclaredKey>;

const ivBytes = 16;
/** Key formats of one segment. */
const maxFormats = 16;

const readIv = ({ line, values }: Attributes): Uint8Array | undefined => {
  const text = values.get("IV");
  if (text === undefined) return undefined;
  const [, digits] = /^0x([\da-f]{1,32})$/i.exec(text) ?? [];
  if (digits === undefined)
    throw new PlaylistError(`IV is ${quoteText(text)}, not 0x with up to 32 hexadecimal digits`, line.number);
  return Uint8Array.from(Buffer.from(digits.padStart(2 * ivBytes, "0"), "hex"));
};

/**
 * Reads an `EXT-X-KEY` tag: the keys in effect after it.
 *
 * @throws PlaylistError if it is not valid
 */
export const readKey = (
  keys: KeysInEffect,
  attributes: Attributes,
  context: PlaylistContext,
): KeysInEffect => {
  const { line, values } = attributes;
  const method = requireAttribute(attributes, "METHOD");
  if (method === "NONE") return new Map();
  const format = values.get("KEYFORMAT") ?? "identity";
  const iv = readIv(attributes);
  const isSupported = method === "AES-128" && format === "identity";
  const uri = requireAttribute(attributes, "URI");
  const key: DeclaredKey = {
    line: line.number,
    method,
    format,
    // URLs of other key systems have schemes of their own.
    url: isSupported ? context.resolveUrl(uri, line.number) : uri,
    ...(iv === undefined ? {} : { iv }),
  };
  if (keys.size >= maxFormats && !keys.has(format))
    throw new PlaylistError(`EXT-X-KEY is the key of more than ${maxFormats} key formats`, line.number);
  return new Map([...keys, [format, key]]);
};

/**
 * Returns the key to decrypt with; undefined if there is no encryption.
 *
 * @throws PlaylistError if every key in effect is of an unsupported method or format
 */
export const selectKey = (keys: KeysInEffect): DeclaredKey | undefined => {
  if (keys.size === 0) return undefined;
  const key = keys.get("identity");
  if (key?.method === "AES-128") return key;
  const listed = [...keys.values()].map(
    ({ method, format }) => `${method} with key format ${quoteText(format)}`,
  );
  const [first] = keys.values();
  throw new PlaylistError(
    `the encryption ${listed.join(", ")} is not supported. Use AES-128 with key format "identity", or none`,
    first?.line,
  );
};
