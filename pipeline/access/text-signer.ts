import { createHmac, timingSafeEqual } from "node:crypto";

/** Signs texts that the API hands to its clients and gets back. */
export interface TextSigner {
  /** Returns a signature in base64url. */
  sign(text: string): Promise<string>;
  verify(text: string, signature: string): Promise<boolean>;
}

/**
 * Creates a signer with HMAC-SHA256.
 *
 * @param purpose a signature for one purpose is not valid for another
 * @param readKeys keys of 32 bytes; the first signs, all verify
 */
export const createTextSigner = (
  purpose: string,
  readKeys: () => Promise<readonly Uint8Array[]>,
): TextSigner => {
  const compute = (key: Uint8Array, text: string): string =>
    createHmac("sha256", key).update(`${purpose}\n${text}`).digest("base64url");
  return {
    async sign(text) {
      const [key] = await readKeys();
      if (key === undefined) throw new RangeError("At least one signing key is required.");
      return compute(key, text);
    },
    async verify(text, signature) {
      // As text: base64url spells the same bytes in several ways.
      const actual = Buffer.from(signature);
      return (await readKeys()).some((key) => {
        const expected = Buffer.from(compute(key, text));
        return actual.length === expected.length && timingSafeEqual(actual, expected);
      });
    },
  };
};
