import { createCipheriv, randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import {
  buildSequenceIv,
  DecryptionFailure,
  decryptSegment,
} from "../../../pipeline/highlights/decrypt-segment.ts";
import { catchError } from "../../catch-error.ts";

const encrypt = (content: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer => {
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  return Buffer.concat([cipher.update(content), cipher.final()]);
};

async function* split(content: Buffer, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += chunkBytes)
    yield content.subarray(start, start + chunkBytes);
}

const decrypt = async (
  chunks: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  iv: Uint8Array,
): Promise<Buffer> => {
  const decrypted: Uint8Array[] = [];
  for await (const chunk of decryptSegment(chunks, key, iv)) decrypted.push(chunk);
  return Buffer.concat(decrypted);
};

describe("the decryption of a segment", () => {
  const key = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  const iv = buildSequenceIv(7);

  it("returns what was encrypted, in chunks of any size", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 1, max: 200 }),
        async (content, chunkBytes) => {
          const decrypted = await decrypt(split(encrypt(content, key, iv), chunkBytes), key, iv);
          expect(decrypted.equals(content)).to.equal(true);
        },
      ),
    ));

  it("agrees with the known answer of SP 800-38A, F.2.1", async () => {
    const nistKey = Buffer.from("2b7e151628aed2a6abf7158809cf4f3c", "hex");
    const nistIv = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
    const first = Buffer.from("7649abac8119b246cee98e9b12e9197d", "hex");
    // The first block comes out before the segment ends.
    const chunks = decryptSegment(split(Buffer.concat([first, Buffer.alloc(16)]), 32), nistKey, nistIv);
    const { value } = await chunks.next();
    expect(Buffer.from(value ?? []).toString("hex")).to.equal("6bc1bee22e409f96e93d7e117393172a");
  });

  it("uses the media sequence number as the initialization vector", () => {
    expect(Buffer.from(buildSequenceIv(0)).toString("hex")).to.equal("0".repeat(32));
    expect(Buffer.from(buildSequenceIv(2 ** 40 + 255)).toString("hex")).to.equal(
      "000000000000000000000100000000ff",
    );
  });

  it("says that the key is wrong: another key, another length", async () => {
    const encrypted = encrypt(randomBytes(100_000), key, iv);
    // One wrong key in 256 makes a valid padding.
    const failures = await Promise.all(
      Array.from({ length: 20 }, () => catchError(decrypt(split(encrypted, 16_384), randomBytes(16), iv))),
    );
    const wrong = failures.filter((failure) => failure !== undefined);
    expect(wrong.length).to.be.above(10);
    for (const failure of wrong) {
      expect(failure).to.be.instanceOf(DecryptionFailure);
      expect(String(failure)).to.match(/The key is wrong: the segment was encrypted with another key/);
    }
    for (const length of [0, 15, 17, 32])
      expect(String(await catchError(decrypt(split(encrypted, 100), randomBytes(length), iv)))).to.equal(
        `DecryptionFailure: The key is wrong: it has ${length} bytes instead of the 16 of an AES-128 key.`,
      );
    expect(String(await catchError(decrypt(split(encrypted, 100), key, iv.subarray(1))))).to.include(
      "initialization vector of the segment has 15 bytes",
    );
  });

  it("says that the segment is incomplete or not encrypted", async () => {
    const encrypted = encrypt(randomBytes(1000), key, iv);
    for (const length of [0, 1, encrypted.length - 1])
      expect(
        String(await catchError(decrypt(split(encrypted.subarray(0, length), 100), key, iv))),
      ).to.include(`has ${length} bytes, which is not a positive multiple of 16`);
  });

  it("passes the errors of the request on", async () => {
    const failure = new Error("aborted");
    const chunks = async function* () {
      yield Buffer.alloc(16);
      throw failure;
    };
    expect(await catchError(decrypt(chunks(), key, iv))).to.equal(failure);
  });
});
