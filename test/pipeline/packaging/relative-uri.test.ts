import { expect } from "chai";
import fc from "fast-check";
import { buildRelativeUri } from "../../../pipeline/packaging/relative-uri.ts";

describe("relative URIs", () => {
  it("are relative between keys, with escaped names", () => {
    expect(buildRelativeUri("main.m3u8", "hls/a b.m3u8")).to.equal("hls/a%20b.m3u8");
    expect(buildRelativeUri("lists/main.m3u8", "hls/a.m3u8")).to.equal("../hls/a.m3u8");
    expect(buildRelativeUri("a/b/main.mpd", "a/b/c#1.mp4")).to.equal("c%231.mp4");
    expect(buildRelativeUri("a/b/main.mpd", "a/c/d.mp4")).to.equal("../c/d.mp4");
    expect(buildRelativeUri("a/main.mpd", "a/b/c:d/e.mp4")).to.equal("b/c%3Ad/e.mp4");
  });

  it("resolve to the same key in any client", () => {
    const folder = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !/^\.{1,2}$|\//.test(name));
    const key = fc.array(folder, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
    const address = (path: string) => `http://bucket/${path.split("/").map(encodeURIComponent).join("/")}`;
    fc.assert(
      fc.property(key, key, (from, to) => {
        expect(new URL(buildRelativeUri(from, to), address(from)).href).to.equal(new URL(address(to)).href);
      }),
    );
  });
});
