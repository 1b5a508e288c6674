import { readFile } from "node:fs/promises";
import { expect } from "chai";
import sharp from "sharp";
import { computePerceptualHash } from "../../../../docker/ffmpeg/highlights/perceptual-hash.ts";
import { computeHashDistance, isNearDuplicate } from "../../../../pipeline/highlights/candidate.ts";

const width = 640;
const height = 360;
const frameSize = { width, height };

/** Pseudo-random numbers from 0 to 1, the same in each run. */
const createRandom = () => {
  let seed = 1;
  return (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
};

/** Adds noise to each pixel, of at most so many levels. */
const addNoise = async (image: Buffer, levels: number): Promise<Buffer> => {
  const random = createRandom();
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const noisy = data.map((level) => Math.min(255, Math.max(0, level + (2 * random() - 1) * levels)));
  return sharp(noisy, { raw: info }).jpeg().toBuffer();
};

const cropPhoto = async (name: string, left = 0, top = 0, share = 1): Promise<Buffer> => {
  const photo = await readFile(`examples/highlights/${name}.jpg`);
  const { width: photoWidth, height: photoHeight } = await sharp(photo).metadata();
  const area = {
    left: Math.round(photoWidth * left),
    top: Math.round(photoHeight * top),
    width: Math.floor(photoWidth * share),
    height: Math.floor(photoHeight * share),
  };
  return sharp(photo)
    .extract(area)
    .resize({ ...frameSize, fit: "cover" })
    .jpeg()
    .toBuffer();
};

const drawFlat = (background: string): Promise<Buffer> =>
  sharp({ create: { ...frameSize, channels: 3, background } })
    .jpeg()
    .toBuffer();

describe("perceptual hashes", () => {
  const images: Record<string, Buffer> = {};

  before(async () => {
    for (const name of ["astronaut", "coffee"]) {
      images[name] = await cropPhoto(name);
      for (const [left, top] of [
        [0, 0],
        [0.5, 0],
        [0, 0.5],
        [0.5, 0.5],
      ] as const)
        images[`${name} from ${left}, ${top}`] = await cropPhoto(name, left, top, 0.5);
    }
    images.black = await drawFlat("#000");
    images.gray = await drawFlat("#808080");
  });

  it("have 16 hexadecimal digits, and are 0 for even areas", async () => {
    expect(await computePerceptualHash(images.astronaut ?? Buffer.of())).to.match(/^[\da-f]{16}$/);
    for (const background of ["#000", "#808080", "#fff"])
      expect(await computePerceptualHash(await drawFlat(background))).to.equal("0000000000000000");
  });

  it("have a bit for each pixel that is brighter than its right neighbor", async () => {
    // Bars of 9 columns: falling, then rising.
    const columns = [200, 150, 100, 50, 0, 60, 120, 180, 240];
    const pixels = Buffer.from(
      Array.from({ length: 720 * 64 }, (_, index) => columns[Math.floor((index % 720) / 80)] ?? 0),
    );
    const bars = await sharp(pixels, { raw: { width: 720, height: 64, channels: 1 } })
      .jpeg({ quality: 100 })
      .toBuffer();
    expect(await computePerceptualHash(bars)).to.equal("f0".repeat(8));
  });

  const changes: Readonly<Record<string, (image: Buffer) => Promise<Buffer>>> = {
    "noise of 8 levels": (image) => addNoise(image, 8),
    "noise of 20 levels": (image) => addNoise(image, 20),
    "JPEG of quality 50": (image) => sharp(image).jpeg({ quality: 50 }).toBuffer(),
    "JPEG of quality 20": (image) => sharp(image).jpeg({ quality: 20 }).toBuffer(),
    "10 % more brightness": (image) => sharp(image).linear(1.1, 0).jpeg().toBuffer(),
    blur: (image) => sharp(image).blur(2).jpeg().toBuffer(),
  };
  for (const [name, change] of Object.entries(changes))
    it(`are near-duplicates after ${name}`, async () => {
      for (const [image, bytes] of Object.entries(images)) {
        const [hash, changed] = [
          await computePerceptualHash(bytes),
          await computePerceptualHash(await change(bytes)),
        ];
        expect(isNearDuplicate(hash, changed), `${image}: ${hash}, ${changed}`).to.equal(true);
      }
    });

  it("of different images differ in many bits", async () => {
    const names = Object.keys(images).filter((name) => name !== "gray");
    const hashes = new Map<string, string>();
    for (const name of names) hashes.set(name, await computePerceptualHash(images[name] ?? Buffer.of()));
    for (const [index, first] of names.entries())
      for (const second of names.slice(index + 1)) {
        const distance = computeHashDistance(hashes.get(first) ?? "", hashes.get(second) ?? "");
        expect(distance, `${first}, ${second}`).to.be.at.least(15);
      }
  });

  it("differ if an object enters that covers a ninth of the frame", async () => {
    const size = { width: Math.round(width / 3), height: Math.round(height / 3) };
    const object = await sharp(images.coffee).resize(size).toBuffer();
    let differences = 0;
    const positions = [0, 1, 2].flatMap((column) => [0, 1, 2].map((row) => [column, row] as const));
    for (const [column, row] of positions) {
      const input = { input: object, left: column * size.width, top: row * size.height };
      const changed = await sharp(images.astronaut).composite([input]).jpeg().toBuffer();
      const hash = await computePerceptualHash(images.astronaut ?? Buffer.of());
      if (!isNearDuplicate(hash, await computePerceptualHash(changed))) differences += 1;
    }
    expect(differences).to.equal(positions.length);
  });

  it("reject what is not an image", async () => {
    const error = await computePerceptualHash(Buffer.from("text")).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(Error);
  });
});
