import { expect } from "chai";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { Route } from "../../../pipeline/routing/route.ts";
import { findThumbnailPrefixes } from "../../../pipeline/routing/thumbnail-prefixes.ts";
import defaults from "../../../reelway.config.ts";

const frames = (name: string, output: string): Route => ({
  name,
  prefix: `${name}/`,
  extensions: ["mp4"],
  trigger: "lambda",
  engine: "ffmpeg",
  recipe: { name: "frames", everySeconds: 1, maxWidth: 100, maxHeight: 100, format: "jpg" },
  outputs: [output],
});

describe("thumbnailPrefixes", () => {
  it("returns the prefixes of the default configuration's thumbnails", () => {
    expect(findThumbnailPrefixes(parseConfiguration(defaults).routes)).to.deep.equal(["thumb/"]);
  });

  it("omits prefixes within another and duplicates", () => {
    const routes = [
      frames("a", "stills/wide/{path}{name}/"),
      frames("b", "stills/{path}{name}/"),
      frames("c", "cut-{name}/"),
      frames("d", "stills/{name}/"),
    ];
    expect(findThumbnailPrefixes(routes)).to.deep.equal(["cut-", "stills/"]);
  });

  it("returns an empty prefix for a leading placeholder, and nothing without thumbnails", () => {
    expect(findThumbnailPrefixes([frames("a", "{name}/"), frames("b", "x/{name}/")])).to.deep.equal([""]);
    expect(findThumbnailPrefixes([])).to.deep.equal([]);
  });
});
