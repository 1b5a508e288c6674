import { expect } from "chai";
import { shortenUrl } from "../../../pipeline/highlights/shorten-url.ts";

describe("a URL in messages", () => {
  it("has no credentials, query or fragment, and at most 200 characters", () => {
    expect(shortenUrl(new URL("https://name:secret@live.example.com:8443/a/b.m3u8?token=1#x"))).to.equal(
      "https://live.example.com:8443/a/b.m3u8",
    );
    expect(shortenUrl(new URL("data:text/plain;base64,c2VjcmV0"))).to.equal("data:…");
    expect(shortenUrl(new URL(`https://live.example.com/${"a".repeat(300)}`))).to.match(
      /^https:\/\/live\.example\.com\/a+…$/u,
    );
    expect(shortenUrl(new URL(`https://live.example.com/${"a".repeat(300)}`))).to.have.length(200);
  });
});
