import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { packagedPrograms } from "./media-programs.ts";
import { catchJobFailure, listProblems } from "./recipe-bench.ts";
import {
  animationChunks,
  barColors,
  barSize,
  barsPng,
  cmykBarsTiff,
  displayP3Colors,
  displayP3Profile,
  heicFile,
  profileChunk,
  ycbcrBarsTiff,
} from "./still-files.ts";

describe("still images", function () {
  this.timeout(60_000);
  let folder: string;
  let server: FileServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-stills-"));
    server = await serveFiles(folder);
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const convert = async (bytes: Buffer | string, outputKeys: readonly string[], options: object = {}) => {
    await writeFile(join(folder, "source"), bytes);
    const recipe = recipeOptionsSchema.parse({ name: "image", ...options });
    if (recipe.name === "transcode") throw new Error("not a recipe of ours");
    const outputs = await drivePlan(packagedPrograms(), {
      recipe,
      url: server.url("source"),
      outputKeys,
      folder,
    });
    expect(listProblems(outputs)).to.deep.equal([]);
    return outputs.map(({ path }) => path);
  };
  const failCode = async (bytes: Buffer | string) => (await catchJobFailure(convert(bytes, ["a.jpg"]))).code;
  const expectBars = async (path: string, colors: typeof barColors, ignoreIcc = false) => {
    const { data, info } = await sharp(path, { ignoreIcc })
      .toColourspace("srgb")
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    for (const [bar, color] of colors.entries())
      for (const [channel, value] of color.entries()) {
        const [x, y] = [(bar + 0.5) * barSize.width, barSize.height / 2];
        const at = (y * info.width + x) * info.channels + channel;
        expect(data[at], `${path}, bar ${bar}, channel ${channel}`).to.be.closeTo(value, 3);
      }
  };
  const formats = ["a.webp", "a.jpg", "a.avif", "a.png"];

  it("are encoded in the format of each output key, with the same colors and size", async () => {
    const paths = await convert(barsPng(barColors), formats);
    const headers = await Promise.all(paths.map((path) => sharp(path).metadata()));

    expect(headers.map(({ format, width, height }) => [format, width, height])).to.deep.equal(
      ["webp", "jpeg", "heif", "png"].map((format) => [format, 4 * barSize.width, barSize.height]),
    );
    for (const path of paths) await expectBars(path, barColors);
  });

  it("are converted from their profile to sRGB, without a profile in the output", async () => {
    for (const path of await convert(
      barsPng(displayP3Colors, { before: [profileChunk(displayP3Profile())] }),
      formats,
    )) {
      await expectBars(path, barColors, true);
      expect((await sharp(path).metadata()).icc).to.equal(undefined);
    }
  });

  it("keep their profile and colors by option", async () => {
    const profile = displayP3Profile();
    for (const path of await convert(barsPng(displayP3Colors, { before: [profileChunk(profile)] }), formats, {
      colorProfile: "keep",
    })) {
      await expectBars(path, displayP3Colors, true);
      expect((await sharp(path).metadata()).icc?.equals(profile)).to.equal(true);
    }
  });

  it("are converted from CMYK without a profile as browsers do", async () => {
    for (const path of await convert(cmykBarsTiff(), formats)) await expectBars(path, barColors);
  });

  it("are converted from YCbCr without subsampling, also with the option that keeps a profile", async () => {
    for (const path of await convert(ycbcrBarsTiff(), formats)) await expectBars(path, barColors);
    for (const path of await convert(ycbcrBarsTiff(), formats, { colorProfile: "keep" }))
      await expectBars(path, barColors);
  });

  it("are the first frame of an APNG", async () => {
    for (const path of await convert(barsPng(barColors, animationChunks()), formats))
      await expectBars(path, barColors);
  });

  it("keep the frames and delays of an animation by option, in WebP only", async () => {
    const frame = (color: string) =>
      sharp({ create: { width: 30, height: 20, channels: 3, background: color } });
    const frames = await Promise.all(["red", "lime", "blue"].map((color) => frame(color).raw().toBuffer()));
    const gif = await sharp(Buffer.concat(frames), {
      raw: { width: 30, height: 60, channels: 3, pageHeight: 20 },
    })
      .gif({ delay: [100, 200, 300] })
      .toBuffer();

    const [webp = "", jpeg = ""] = await convert(gif, ["a.webp", "a.jpg"], { animation: "keep" });
    const animation = await sharp(webp).metadata();
    expect([animation.pages, animation.delay, animation.width, animation.height]).to.deep.equal([
      3,
      [100, 200, 300],
      30,
      20,
    ]);
    const { data } = await sharp(await readFile(webp), { page: 2 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[2]).to.be.greaterThan(240);
    expect((await sharp(jpeg).metadata()).pages).to.equal(undefined);
  });

  it("of other kinds end with 4000", async () => {
    expect(await failCode(heicFile())).to.equal(4000);
    expect(await failCode('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')).to.equal(4000);
    expect(await failCode("a text")).to.equal(4000);
  });

  it("that are cut end with 4002, whatever their format", async () => {
    const noise = sharp({
      create: {
        width: 200,
        height: 150,
        channels: 3,
        background: "gray",
        noise: { type: "gaussian", mean: 128, sigma: 30 },
      },
    });
    const images: readonly Buffer[] = [
      await noise.clone().jpeg().toBuffer(),
      await noise.clone().jpeg({ progressive: true }).toBuffer(),
      await noise.clone().png().toBuffer(),
      await noise.clone().png({ progressive: true }).toBuffer(),
      await noise.clone().webp().toBuffer(),
      await noise.clone().gif().toBuffer(),
      await noise.clone().tiff({ compression: "lzw" }).toBuffer(),
      await noise.clone().avif({ effort: 0 }).toBuffer(),
      barsPng(barColors, animationChunks()),
    ];
    for (const image of images) expect(await failCode(image.subarray(0, image.length * 0.7))).to.equal(4002);
  });

  it("with garbage behind their end are whole", async () => {
    const jpeg = await sharp(barsPng(barColors)).jpeg({ quality: 98, chromaSubsampling: "4:4:4" }).toBuffer();
    const [path = ""] = await convert(Buffer.concat([jpeg, Buffer.from("GARBAGE".repeat(100))]), ["a.png"]);

    await expectBars(path, barColors);
  });

  it("with a scan header that some cameras fill in wrongly are whole", async () => {
    const jpeg = await sharp(barsPng(barColors)).jpeg({ quality: 98, chromaSubsampling: "4:4:4" }).toBuffer();
    // The end of the spectral selection, 63 in sequential JPEG (ITU-T T.81, B.2.3).
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    jpeg[scan + 2 + jpeg.readUInt16BE(scan + 2) - 2] = 0;
    const [path = ""] = await convert(jpeg, ["a.png"]);

    await expectBars(path, barColors);
  });
});
