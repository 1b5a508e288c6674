import { readFile, writeFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { exifBlock, jpegWithExif } from "../../e2e/exif-files.ts";
import { barColumns, buildBarsGraph, buildGraphInput } from "./graphs.ts";
import { encodeInput, type InputKind, type MediaFacts, type MediaInput } from "./media-input.ts";

const bars = buildGraphInput(buildBarsGraph({ size: [400, 300] }));
const still = ["-frames:v", "1"];
const red = [0xc0, 0x30, 0x20] as const;
const facts: MediaFacts = { columns: barColumns, imageSize: [400, 300] };
const fullRange = ["-vf", "scale=out_color_matrix=bt601:out_range=pc,format=yuvj444p", "-q:v", "1"];

/** Creates an input from the bars through sharp. */
const convertBars =
  (convert: (image: Sharp) => Sharp): MediaInput["create"] =>
  async ({ programs, path, scratchPath }) => {
    const source = scratchPath("bars.png");
    await programs.ffmpeg([...bars, ...still, source]);
    await writeFile(path, await convert(sharp(source)).toBuffer());
  };
const solid = (width: number, height: number): MediaInput["create"] =>
  encodeInput(buildGraphInput(`color=0xC03020:s=${width}x${height}:d=1,format=rgb24`), still);
const solidFacts = (width: number, height: number): MediaFacts => ({
  imageSize: [width, height],
  imageColor: red,
});

/** Still images. */
export const stills: InputKind = {
  title: "Still images",
  inputs: [
    { name: "bars.png", description: "RGB", create: encodeInput(bars, still), facts },
    {
      name: "bars-16-bit.png",
      description: "16 bits per channel",
      create: encodeInput(bars, still, "-pix_fmt", "rgb48be"),
      facts,
    },
    { name: "bars.jpg", description: "JPEG 4:4:4", create: encodeInput(bars, still, fullRange), facts },
    {
      name: "rotated.jpg",
      description: "EXIF orientation 3: upside down",
      isSample: true,
      async create({ programs, path }) {
        const [filter, graph, ...quality] = fullRange;
        await programs.ffmpeg([...bars, ...still, filter ?? "", `hflip,vflip,${graph}`, ...quality, path]);
        await writeFile(path, jpegWithExif(await readFile(path), exifBlock(3)));
      },
      facts,
    },
    { name: "bars.gif", description: "GIF", create: convertBars((image) => image.gif()), facts },
    {
      name: "lzw.tiff",
      description: "TIFF with LZW",
      create: encodeInput(bars, still, "-pix_fmt", "rgb24", "-compression_algo", "lzw"),
      facts,
    },
    {
      name: "deflate.tiff",
      description: "TIFF with Deflate",
      create: encodeInput(bars, still, "-pix_fmt", "rgb24", "-compression_algo", "deflate"),
      facts,
    },
    {
      name: "jpeg.tiff",
      description: "TIFF with JPEG",
      create: convertBars((image) => image.tiff({ compression: "jpeg", quality: 98 })),
      facts,
    },
    {
      name: "cmyk.jpg",
      description: "CMYK JPEG without a profile",
      isSample: true,
      create: convertBars((image) => image.toColourspace("cmyk").jpeg({ quality: 98 })),
      facts: { imageSize: [400, 300] },
    },
    {
      name: "display-p3.png",
      description: "Display P3 by its ICC profile",
      isSample: true,
      create: convertBars((image) => image.withIccProfile("p3").png()),
      facts,
    },
    {
      name: "bars.webp",
      description: "lossless WebP",
      create: convertBars((image) => image.webp({ lossless: true })),
      facts,
    },
    {
      name: "bars.avif",
      description: "AVIF",
      create: convertBars((image) => image.avif({ quality: 90, chromaSubsampling: "4:4:4" })),
      facts,
    },
    {
      name: "animated.png",
      description: "APNG: the first frame counts",
      create: encodeInput(bars, "-frames:v", "3", "-f", "apng"),
      facts,
    },
    {
      name: "odd.png",
      description: "401×301, one color to its last row and column",
      isSample: true,
      create: solid(401, 301),
      facts: solidFacts(401, 301),
    },
    { name: "one-pixel.png", description: "1×1", create: solid(1, 1), facts: solidFacts(1, 1) },
    {
      name: "cut.jpg",
      description: "a JPEG that ends after 60 % of its bytes",
      async create({ programs, path }) {
        await programs.ffmpeg([...bars, ...still, ...fullRange, path]);
        const bytes = await readFile(path);
        await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      },
      facts: { errorCode: 4002 },
    },
  ],
};
