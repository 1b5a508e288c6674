import { expect } from "chai";
import sharp from "sharp";
import { measureGrayLevels } from "../../../../docker/ffmpeg/highlights/gray-levels.ts";
import { computePerceptualHash } from "../../../../docker/ffmpeg/highlights/perceptual-hash.ts";
import { isSameView } from "../../../../pipeline/highlights/gray-levels.ts";

const [width, height] = [640, 360];

const readPhoto = (name: string): Promise<Buffer> =>
  sharp(`examples/highlights/${name}.jpg`).resize({ width, height, fit: "cover" }).jpeg().toBuffer();

/** Draws columns of equal width. */
const drawColumns = (levels: readonly number[]): Promise<Buffer> =>
  sharp(
    Buffer.from(
      Array.from({ length: width * height }, (_, pixel) => {
        const column = Math.floor(((pixel % width) * levels.length) / width);
        return levels[column] ?? 0;
      }),
    ),
    { raw: { width, height, channels: 1 } },
  )
    .jpeg()
    .toBuffer();

const hasSameView = async (first: Buffer, second: Buffer): Promise<boolean> =>
  isSameView(await measureGrayLevels(first), await measureGrayLevels(second));

describe("gray levels", () => {
  it("are 64, row by row", async () => {
    const levels = Buffer.from(
      await measureGrayLevels(await drawColumns([0, 0, 0, 0, 255, 255, 255, 255])),
      "hex",
    );
    expect(levels).to.have.length(64);
    for (let row = 0; row < 8; row += 1) {
      expect(levels[row * 8]).to.be.at.most(2);
      expect(levels[row * 8 + 7]).to.be.at.least(253);
    }
  });

  for (const name of ["astronaut", "coffee"]) {
    it(`are the same of a view after compression and a blur (${name})`, async () => {
      const photo = await readPhoto(name);
      expect(await hasSameView(photo, await sharp(photo).jpeg({ quality: 30 }).toBuffer())).to.equal(true);
      expect(await hasSameView(photo, await sharp(photo).blur(1.5).jpeg().toBuffer())).to.equal(true);
    });

    it(`differ if an object of a twelfth of the width and height enters (${name})`, async () => {
      const photo = await readPhoto(name);
      const object = await sharp({
        create: {
          width: Math.round(width / 12),
          height: Math.round(height / 12),
          channels: 3,
          background: "#fff",
        },
      })
        .png()
        .toBuffer();
      const changed = await sharp(photo)
        .composite([{ input: object, left: 20, top: 20 }])
        .jpeg()
        .toBuffer();
      expect(await hasSameView(photo, changed)).to.equal(false);
    });
  }

  it("differ of two images", async () => {
    expect(await hasSameView(await readPhoto("astronaut"), await readPhoto("coffee"))).to.equal(false);
  });

  it("differ of frames whose perceptual hashes are equal by chance", async () => {
    const rise = await drawColumns([0, 0, 0, 0, 0, 0, 0, 255]);
    const earlierRise = await drawColumns([0, 0, 0, 255, 255, 255, 255, 255]);
    expect(await computePerceptualHash(rise)).to.equal(await computePerceptualHash(earlierRise));
    expect(await hasSameView(rise, earlierRise)).to.equal(false);
  });

  it("reject what is not an image", async () => {
    const error = await measureGrayLevels(Buffer.from("text")).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(Error);
  });
});
