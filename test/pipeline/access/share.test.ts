import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { createShareToken, parseShareToken } from "../../../pipeline/access/share.ts";
import { createTextSigner } from "../../../pipeline/access/text-signer.ts";

describe("the token of a share", () => {
  const key = randomBytes(32);
  const signer = createTextSigner("share", async () => [key]);
  const share = { videoId: "a".repeat(52), expiresAt: new Date("2026-12-01T00:00:00Z") };
  let token: string;
  before(async () => {
    token = await createShareToken(signer, share);
  });

  it("names the video and the expiry", async () => {
    expect(await parseShareToken(signer, token)).to.deep.equal(share);
    expect(encodeURIComponent(token)).to.equal(token);
  });

  it("is refused when it is altered, or signed with another key or for another purpose", async () => {
    const otherKey = createTextSigner("share", async () => [randomBytes(32)]);
    const otherPurpose = createTextSigner("delete-video", async () => [key]);
    for (const other of [otherKey, otherPurpose])
      expect(await parseShareToken(other, token)).to.equal(undefined);
    await fc.assert(
      fc.asyncProperty(
        // The last character has two bits that are not part of the signature.
        fc.nat(token.length - 2),
        fc.constantFrom(..."abcXYZ019._-"),
        async (index, character) => {
          fc.pre(token[index] !== character);
          const altered = `${token.slice(0, index)}${character}${token.slice(index + 1)}`;
          expect(await parseShareToken(signer, altered)).to.equal(undefined);
        },
      ),
    );
    for (const other of ["", "a", `${token}a`, ` ${token}`, token.toUpperCase()])
      expect(await parseShareToken(signer, other)).to.equal(undefined);
  });
});
