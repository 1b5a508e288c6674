import { expect } from "chai";
import { findSystemPreset } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { describeWorkload } from "../../../pipeline/recipes/media-workload.ts";
import type { Recipe } from "../../../pipeline/recipes/recipe.ts";

const source: Probe = {
  formats: ["mov"],
  bytes: 1000,
  video: {
    index: 0,
    codec: "h264",
    codedWidth: 320,
    codedHeight: 180,
    width: 320,
    height: 180,
    rotation: 0,
    pixelFormat: "yuv420p",
    interlaced: false,
  },
};
const ladder: Recipe = { name: "ladder", heights: [720, 360], segmentSeconds: 6, spriteIntervalSeconds: 5 };

describe("the workload of a recipe's largest process", () => {
  it("is every rendition of a ladder at once", () => {
    expect(describeWorkload(ladder, source, [], 4)).to.deep.equal({
      kind: "video",
      pixels: 320 * 180,
      encoderCount: 2,
      lookahead: "short",
      linearConversions: 0,
      threads: 4,
      images: [],
    });
  });

  it("has a conversion in linear light for each chain of filters from HDR", () => {
    const video = { ...source.video, color: { transfer: "smpte2084" } };
    const hdr = { ...source, video } as Probe;
    const preset = findSystemPreset("1351620000001-000001");
    if (preset === undefined) throw new Error("There is no preset Generic 1080p.");
    const output = { key: "out", preset, rotate: "auto" } as const;
    const outputs = [output, { ...output, thumbnailPattern: "thumbnail-{count}" }];

    expect(describeWorkload(ladder, hdr, [], 4).linearConversions).to.equal(1);
    expect(describeWorkload({ name: "transcode", outputs }, hdr, [], 4).linearConversions).to.equal(3);
  });

  it("is up to eight outputs of a transcoder job, at their presets' sizes, with watermarks", () => {
    const preset = findSystemPreset("1351620000001-000001");
    if (preset === undefined) throw new Error("There is no preset Generic 1080p.");
    const outputs = Array.from({ length: 12 }, (_, index) => ({
      key: `out-${index}`,
      preset,
      rotate: "auto" as const,
    }));
    const workload = describeWorkload(
      { name: "transcode", outputs },
      source,
      [source, { formats: ["mp3"] }],
      2,
    );

    expect(workload).to.deep.include({ pixels: 1920 * 1080, encoderCount: 8, lookahead: "long" });
    expect(workload.images).to.deep.equal([
      { pixels: 320 * 180, fileBytes: 1000 },
      { pixels: 0, fileBytes: 0 },
    ]);
  });
});
