import { expect } from "chai";
import {
  computeImageMemoryLimit,
  computeMemoryLimit,
  computeProbeMemoryLimit,
  type MediaWorkload,
} from "../../../pipeline/encoding/memory-limit.ts";

const mebibyte = 2 ** 20;
const plenty = 64 * 1024 * mebibyte;
const buildWorkload = (
  pixels: number,
  encoderCount: number,
  lookahead: MediaWorkload["lookahead"],
  threads: number,
): MediaWorkload => ({ kind: "video", pixels, encoderCount, lookahead, threads });
const hd = 1920 * 1080;
const uhd = 4 * hd;
const largest = 8192 * 4320;

describe("the memory limit of a media process", () => {
  // Peaks of VmData in MiB, of the build that took more (SECURITY.md).
  const measured: readonly (readonly [string, MediaWorkload, number])[] = [
    ["360p, one output", buildWorkload(640 * 360, 1, "short", 2), 213],
    ["1080p, one output", buildWorkload(hd, 1, "short", 2), 494],
    ["2160p, one output", buildWorkload(uhd, 1, "short", 2), 1199],
    ["10-bit HEVC of 2160p", buildWorkload(uhd, 1, "short", 2), 1243],
    ["8192 × 4320, one output", buildWorkload(largest, 1, "short", 2), 4227],
    ["8192 × 4320 of 10-bit 4:4:4 with 16 references", buildWorkload(largest, 1, "short", 2), 4125],
    ["1080p with 16 threads", buildWorkload(hd, 1, "short", 16), 1329],
    ["2160p with 16 threads", buildWorkload(uhd, 1, "short", 16), 3190],
    ["a ladder of four from 1080p", buildWorkload(hd, 4, "short", 2), 792],
    ["a ladder of four from 8192 × 4320", buildWorkload(largest, 4, "short", 2), 2144],
    ["x264 medium with 16 references at 1080p", buildWorkload(hd, 1, "long", 2), 851],
    ["x264 medium at 2160p", buildWorkload(uhd, 1, "long", 2), 1962],
    ["eight x264 medium at 1080p", buildWorkload(hd, 8, "long", 2), 4758],
    ...(
      [
        ["a 16-bit PNG", 7_930_240, 1228],
        ["a TIFF", 483_790_601, 1682],
        ["a WebP", 2_845_302, 976],
      ] as const
    ).map(
      ([title, fileBytes, peak]) =>
        [
          `${title} of 64 megapixels`,
          {
            kind: "image",
            pixels: 64e6,
            encoderCount: 2,
            lookahead: "short",
            threads: 2,
            fileBytes,
          } as const,
          peak,
        ] as const,
    ),
  ];
  for (const [title, media, peak] of measured)
    it(`is over 1.5 times the measured peak of ${title}`, () => {
      const limit = computeMemoryLimit(media, plenty);

      expect(limit.dataBytes).to.be.above(1.5 * peak * mebibyte);
      expect(limit).to.deep.include({ residentBytes: limit.dataBytes, isLimitedByTask: false });
    });

  it("stops bombs of small dimensions below 1.5 GiB", () => {
    const still: MediaWorkload = {
      kind: "image",
      pixels: 64 * 64,
      encoderCount: 2,
      lookahead: "short",
      threads: 2,
    };

    expect(computeMemoryLimit(still, plenty).dataBytes).to.be.below(0.6 * 1024 * mebibyte);
    expect(computeMemoryLimit(buildWorkload(64 * 64, 1, "short", 4), plenty).dataBytes).to.be.below(
      1536 * mebibyte,
    );
    expect(computeProbeMemoryLimit(64e6, plenty).dataBytes).to.be.below(1536 * mebibyte);
  });

  it("counts watermark images and their files", () => {
    const plain = computeMemoryLimit(buildWorkload(hd, 1, "short", 2), plenty).dataBytes;
    const marked = computeMemoryLimit(
      { ...buildWorkload(hd, 1, "short", 2), images: [{ pixels: 1e6, fileBytes: 1e6 }] },
      plenty,
    ).dataBytes;

    expect(marked - plain).to.equal(35e6);
  });

  it("leaves the worker its part of the task, and reports it", () => {
    const task = 2048 * mebibyte;
    const limit = computeMemoryLimit(buildWorkload(largest, 1, "short", 2), task);

    expect(limit).to.deep.equal({
      dataBytes: 1.5 * 1664 * mebibyte,
      residentBytes: 1664 * mebibyte,
      isLimitedByTask: true,
    });
    expect(computeMemoryLimit(buildWorkload(hd, 1, "short", 1), 512 * mebibyte).residentBytes).to.equal(
      256 * mebibyte,
    );
  });
});

describe("the memory limit of the image program", () => {
  // Peaks of VmData in MiB with two threads (SECURITY.md): pixels and bytes of the image, pixels of an AVIF output.
  const measured: readonly (readonly [string, number, number, number, number])[] = [
    ["an image of one pixel", 1, 70, 0, 97],
    ["a progressive JPEG of 50 megapixels", 50_000_000, 17_029_440, 0, 399],
    ["a 16-bit PNG of 50 megapixels", 50_000_000, 281_751_931, 0, 527],
    ["an AVIF of 50 megapixels", 50_000_000, 3_075_572, 0, 974],
    ["an AVIF output of 2 megapixels", 50_000_000, 11_485_925, 2_000_000, 235],
  ];
  for (const [title, pixels, fileBytes, avifPixels, peak] of measured)
    it(`is at least 1.5 times what ${title} took`, () => {
      const limit = computeImageMemoryLimit({ pixels, fileBytes }, avifPixels, 2, plenty);

      expect(limit.dataBytes).to.be.at.least(1.5 * peak * mebibyte);
      expect(limit.isLimitedByTask).to.equal(false);
    });

  it("grows with the pixels of an AVIF output", () => {
    const image = { pixels: 1000, fileBytes: 1000 };
    const compute = (avifPixels: number) => computeImageMemoryLimit(image, avifPixels, 2, plenty).dataBytes;

    expect(compute(1_000_000) - compute(0)).to.equal(96_000_000);
  });
});
