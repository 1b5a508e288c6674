import { expect } from "chai";
import { findPlayable, findPosterKey } from "../../../pipeline/videos/playable.ts";

const outputs = (...keys: string[]) => keys.map((key) => ({ key, bytes: 1 }));

describe("playable", () => {
  const ladderKeys = [
    "ladder/a.mp4/rendition-0.mp4",
    "ladder/a.mp4/sprite.jpg",
    "ladder/a.mp4/poster.jpg",
    "ladder/a.mp4/media_0.m3u8",
    "ladder/a.mp4/manifest.mpd",
    "ladder/a.mp4/master.m3u8",
  ];

  it("is the HLS manifest of a ladder, with the folder", () => {
    expect(findPlayable({ recipe: "ladder", outputs: outputs(...ladderKeys) })).to.deep.equal({
      kind: "hls",
      key: "ladder/a.mp4/master.m3u8",
      contentType: "application/vnd.apple.mpegurl",
      folder: "ladder/a.mp4/",
    });
  });

  it("is the DASH manifest of a ladder without HLS", () => {
    const keys = ladderKeys.filter((key) => !key.endsWith(".m3u8"));
    expect(findPlayable({ recipe: "ladder", outputs: outputs(...keys) })).to.deep.include({
      kind: "dash",
      key: "ladder/a.mp4/manifest.mpd",
      folder: "ladder/a.mp4/",
    });
  });

  it("is the file of other videos, whose folder can have other videos", () => {
    expect(findPlayable({ recipe: "audio", outputs: outputs("audio/a.m4a") })).to.deep.equal({
      kind: "file",
      key: "audio/a.m4a",
      contentType: "audio/mp4",
    });
    expect(
      findPlayable({
        recipe: "transcode",
        outputs: [{ key: "movies/a", bytes: 1, contentType: "video/mp4" }],
      }),
    ).to.deep.equal({ kind: "file", key: "movies/a", contentType: "video/mp4" });
  });

  it("is missing without outputs and for recipes that make images", () => {
    expect(findPlayable({ recipe: "ladder", outputs: [] })).to.equal(undefined);
    expect(findPlayable({ recipe: "thumbnail", outputs: outputs("thumbnails/a.png") })).to.equal(undefined);
    expect(findPlayable({ recipe: null, outputs: [] })).to.equal(undefined);
  });

  it("has the poster of a ladder, not the sprite; else the first image", () => {
    expect(findPosterKey({ outputs: outputs(...ladderKeys) })).to.equal("ladder/a.mp4/poster.jpg");
    expect(findPosterKey({ outputs: outputs("a.mp4", "a.png") })).to.equal("a.png");
    expect(findPosterKey({ outputs: outputs("a.mp4") })).to.equal(undefined);
    expect(findPosterKey({ outputs: outputs("ladder/a.mp4/sprite.jpg") })).to.equal(undefined);
  });
});
