import { createDecipheriv } from "node:crypto";

/** Bytes of a block, of a key and of an initialization vector of AES-128. */
const blockBytes = 16;

/** A segment was not decrypted: its key is wrong, or the segment is incomplete. */
export class DecryptionFailure extends Error {
  override readonly name = "DecryptionFailure";
}

/**
 * Checks the length of an AES-128 key.
 *
 * @throws DecryptionFailure unless it is 16 bytes
 */
export const assertKeyLength = (key: Uint8Array): void => {
  if (key.length !== blockBytes)
    throw new DecryptionFailure(
      `The key is wrong: it has ${key.length} bytes instead of the ${blockBytes} of an AES-128 key.`,
    );
};

/** Builds the initialization vector of a segment whose playlist has none: the media sequence number, big-endian. */
export const buildSequenceIv = (mediaSequence: number): Uint8Array => {
  const iv = Buffer.alloc(blockBytes);
  iv.writeBigUInt64BE(BigInt(mediaSequence), blockBytes - 8);
  return iv;
};

/**
 * Decrypts a whole segment or initialization section (AES-128, CBC, PKCS #7 padding) while it arrives. The padding is in
 * the last block, so a wrong key fails at the end. One wrong key in 256 makes a valid padding; what comes out is then
 * not media.
 *
 * @throws DecryptionFailure; errors of `chunks` as they are
 */
export async function* decryptSegment(
  chunks: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  iv: Uint8Array,
): AsyncGenerator<Uint8Array> {
  assertKeyLength(key);
  if (iv.length !== blockBytes)
    throw new DecryptionFailure(
      `The initialization vector of the segment has ${iv.length} bytes instead of ${blockBytes}.`,
    );
  const decipher = createDecipheriv("aes-128-cbc", key, iv);
  let encryptedBytes = 0;
  for await (const chunk of chunks) {
    encryptedBytes += chunk.length;
    const decrypted = decipher.update(chunk);
    if (decrypted.length > 0) yield decrypted;
  }
  if (encryptedBytes === 0 || encryptedBytes % blockBytes !== 0)
    throw new DecryptionFailure(
      `The encrypted segment has ${encryptedBytes} bytes, which is not a positive multiple of ${blockBytes}: it is incomplete or not encrypted.`,
    );
  let last: Buffer;
  try {
    last = decipher.final();
  } catch (cause) {
    throw new DecryptionFailure(
      "The key is wrong: the segment was encrypted with another key or initialization vector.",
      { cause },
    );
  }
  if (last.length > 0) yield last;
}
