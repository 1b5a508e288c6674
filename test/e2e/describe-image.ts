import { join } from "node:path";
import { expect } from "chai";
import { colorName, colorsAt, quarterColors, upright } from "./pixels.ts";
import { listProblems, type RecipeBench } from "./recipe-bench.ts";

const corner = [[0.1, 0.1]] as const;

/** Still images: containers, orientation, transparency. */
export const describeImage = ({ programs, make, folder }: RecipeBench, isComplete: boolean): void => {
  const makeBoth = async (image: string) => {
    const outputs = await make({ name: "image" }, image);
    const [webp, jpeg] = outputs;
    expect(listProblems(outputs)).to.deep.equal([]);
    expect(outputs.map(({ probe }) => probe?.video?.codec)).to.deep.equal(["webp", "mjpeg"]);
    if (webp === undefined || jpeg === undefined) throw new Error("not two pictures");
    return { webp, jpeg };
  };

  for (const image of ["moving.gif", "quarters.tiff", "quarters.webp"])
    it(`creates WebP and JPEG from ${image}`, async () => {
      await makeBoth(image);
    });

  it("fits a wide image into the box without distortion", async () => {
    const { webp, jpeg } = await makeBoth("wide.jpg");

    for (const { probe } of [webp, jpeg])
      expect({ width: probe?.video?.width, height: probe?.video?.height }).to.deep.equal({
        width: 1600,
        height: 400,
      });
  });

  const oriented = [...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => `exif-${number}.jpg`)];
  // Stored like `upright`; the effect of each orientation, EXIF 2.3, table of tag 0x0112.
  const [red, green, blue, white] = upright;
  const expectedColors: readonly (readonly (string | undefined)[])[] = [
    [red, green, blue, white],
    [green, red, white, blue],
    [white, blue, green, red],
    [blue, white, red, green],
    [red, blue, green, white],
    [blue, red, white, green],
    [white, green, blue, red],
    [green, white, red, blue],
  ];
  for (const [index, image] of oriented.entries()) {
    // The even ones mirror, rotate, or do both.
    if (!isComplete && index % 2 === 0) continue;
    it(`rotates ${image} by its EXIF orientation in both outputs`, async () => {
      const { webp, jpeg } = await makeBoth(image);

      for (const { path, probe } of [webp, jpeg]) {
        expect(await quarterColors(programs, path)).to.deep.equal(expectedColors[index]);
        expect([probe?.video?.codedWidth, probe?.video?.codedHeight]).to.deep.equal(
          index < 4 ? [128, 64] : [64, 128],
        );
      }
    });
  }

  for (const image of isComplete ? ["exif-6.png", "exif-6.webp", "exif-6.tiff"] : ["exif-6.png"])
    it(`rotates ${image} by its EXIF orientation`, async () => {
      const { webp, jpeg } = await makeBoth(image);

      for (const { path } of [webp, jpeg])
        expect(await quarterColors(programs, path)).to.deep.equal([blue, red, white, green]);
    });

  for (const image of ["picture.png", "lossless.webp"])
    it(`keeps the transparency of ${image} in WebP and flattens it onto white in JPEG`, async () => {
      const { webp, jpeg } = await makeBoth(image);
      const [transparent, half] = await colorsAt(programs, jpeg.path, [
        [0.25, 0.5],
        [0.75, 0.5],
      ]);
      const alpha = await programs.ffmpegOutput([
        ...["-i", webp.path, "-vf", "alphaextract,scale=2:1:flags=neighbor", "-f", "rawvideo"],
        ...["-pix_fmt", "gray", "-"],
      ]);

      expect(alpha[0]).to.be.lessThan(8);
      expect(alpha[1]).to.be.within(120, 136);
      expect(colorName(transparent ?? [0, 0, 0])).to.equal("white");
      expect(half?.[0]).to.be.greaterThan(240);
      expect(half?.[1]).to.be.within(110, 145);
      expect(half?.[2]).to.be.within(110, 145);
    });

  it("blends every color with white by its alpha and keeps opaque colors", async () => {
    const patches = [
      "red@0",
      "red@0.5",
      "blue",
      "0x0ac81e@0.25",
      "0x6496c8",
      "black",
      "black@0.5",
      "white@0.5",
    ];
    const blended = [
      [255, 255, 255],
      [255, 127, 127],
      [0, 0, 255],
      [194, 241, 199],
      [100, 150, 200],
      [0, 0, 0],
      [127, 127, 127],
      [255, 255, 255],
    ];
    await programs.ffmpeg([
      ...patches.flatMap((color) => ["-f", "lavfi", "-i", `color=${color}:s=64x64,format=rgba`]),
      ...["-filter_complex", `hstack=inputs=${patches.length}`, "-frames:v", "1", "-pix_fmt", "rgba"],
      join(folder(), "patches.png"),
    ]);

    const outputs = await make({ name: "image", quality: 100 }, "patches.png");
    const colors = await colorsAt(
      programs,
      outputs[1]?.path ?? "",
      patches.map((_, index) => [(index + 0.5) / patches.length, 0.5] as const),
    );

    for (const [index, color] of colors.entries())
      for (const [channel, value] of color.entries())
        expect(value, `${patches[index]}: ${color.join(" ")}`).to.be.closeTo(
          blended[index]?.[channel] ?? -1,
          2,
        );
  });

  for (const image of ["gray-alpha.png", "deep-alpha.png"])
    it(`flattens fully transparent ${image} onto white`, async () => {
      const { jpeg } = await makeBoth(image);

      expect((await colorsAt(programs, jpeg.path, corner)).map(colorName)).to.deep.equal(["white"]);
    });
};
