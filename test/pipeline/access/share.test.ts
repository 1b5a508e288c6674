import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { createShareToken, parseShareToken } from "../../../pipeline/access/share.ts";

describe("the token of a share", () => {
  const key = randomBytes(32);
  const share = { videoId: "a".repeat(52), expiresAt: new Date("2026-12-01T00:00:00Z") };
  const token = createShareToken(key, share);

  it("names the video and the expiry", () => {
    expect(parseShareToken(key, token)).to.deep.equal(share);
    expect(encodeURIComponent(token)).to.equal(token);
  });

  it("is refused when it is altered or signed with another key", () => {
    expect(parseShareToken(randomBytes(32), token)).to.equal(undefined);
    expect(parseShareToken(key, token.replace("a", "b"))).to.equal(undefined);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(..."abcXYZ019._-"), (index, character) => {
        fc.pre(token[index] !== character);
        const altered = `${token.slice(0, index)}${character}${token.slice(index + 1)}`;
        expect(parseShareToken(key, altered)).to.equal(undefined);
      }),
    );
    for (const other of ["", "a", `${token}a`, ` ${token}`, token.toUpperCase()])
      expect(parseShareToken(key, other)).to.equal(undefined);
  });
});
