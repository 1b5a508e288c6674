import { expect } from "chai";
import fc from "fast-check";
import { decodeMetadata, encodeMetadata } from "../../../adapters/aws/object-metadata.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

const refusal = (metadata: Record<string, string>): StoreFailure => {
  try {
    encodeMetadata("clips/a.mp4", metadata);
  } catch (cause) {
    if (cause instanceof StoreFailure) return cause;
  }
  throw new Error("It was not refused.");
};

describe("metadata of S3 objects", () => {
  it("survives the round trip through a header for any text", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.string({ maxLength: 20 }).map((tail) => `UTF-8''${tail}`),
      fc.string({ maxLength: 20 }).map((plain) => encodeURIComponent(plain)),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), text, { maxKeys: 3 }),
        (metadata) => {
          const sent = encodeMetadata("k", metadata);
          for (const value of Object.values(sent)) expect(value).to.match(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
          expect(decodeMetadata(sent)).to.eql({ ...metadata });
        },
      ),
    );
  });

  it("keeps plain text readable and an uploader's text unchanged", () => {
    expect(encodeMetadata("k", { watermark: "logos/100%.png" })).to.eql({ watermark: "logos/100%.png" });
    const percentEncoded = { one: "%C3%BC", two: "UTF-8''%zz" };
    expect(decodeMetadata(percentEncoded)).to.eql(percentEncoded);
  });

  it("rejects more than 2 KB and names the entry to shorten", () => {
    const fits = { a: "x".repeat(1000), b: "y".repeat(1046) };
    expect(encodeMetadata("k", fits)).to.eql(fits);
    const failure = refusal({ ...fits, b: "y".repeat(1047) });
    expect(failure).to.include({ kind: "invalid", retryable: false });
    expect(failure.message).to.equal(
      'The metadata of clips/a.mp4 is 2049 bytes. S3 allows 2048 bytes. Shorten "b", which is 1048 bytes.',
    );
  });

  it("rejects values that are not text", () => {
    expect(refusal({ title: "\ud83d" })).to.include({ kind: "invalid" });
  });
});
