import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { pngAround } from "./bomb.ts";

const side = 64;
/** Overwrites the second frame's data of a GIF, behind its graphic control extension and image descriptor. */
const breakSecondFrame = (gif: Buffer): Buffer => {
  const broken = Buffer.from(gif);
  const control = Buffer.from([0x21, 0xf9, 0x04]);
  const second = broken.indexOf(control, broken.indexOf(control) + 1);
  broken.fill(0xff, second + 20, second + 120);
  return broken;
};

/** Fills the media data of an MP4 with zeros: its index is whole, and no frame can be decoded. */
const zeroMediaData = (movie: Buffer): Buffer => {
  const zeroed = Buffer.from(movie);
  const type = zeroed.indexOf("mdat");
  return zeroed.fill(0, type + 4, type - 4 + zeroed.readUInt32BE(type - 4));
};

/**
 * Makes small files in a folder that look like media and are not, or not whole; and `clip.mp4` and `mark.png`, which
 * are.
 *
 * @param makeMedia runs ffmpeg
 */
export const makeHostileMedia = async (
  folder: string,
  makeMedia: (...ffmpegArguments: string[]) => Promise<unknown>,
): Promise<void> => {
  const resolvePath = (name: string) => join(folder, name);
  // Each row begins with its filter type, 0 for none (PNG specification, 9).
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, "0 noise 9")]);
  const compressRows = (count: number) => deflateSync(Buffer.concat(new Array<Buffer>(count).fill(row)));
  await writeFile(resolvePath("mark.png"), pngAround(side, side, compressRows(side)));
  await writeFile(resolvePath("bad-data.png"), pngAround(side, side, Buffer.alloc(200, "dead", "hex")));
  await writeFile(resolvePath("first-rows.png"), pngAround(side, side, compressRows(20)));
  await writeFile(
    resolvePath("header.webp"),
    Buffer.from("RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0\x30\x01\0\x9d\x01\x2a\x40\0\x40\0", "latin1"),
  );
  const pattern = ["-f", "lavfi", "-i", "testsrc=s=64x64:r=5:d=1"];
  await makeMedia(...pattern, "-frames:v", "1", resolvePath("whole.jpg"));
  const jpeg = await readFile(resolvePath("whole.jpg"));
  await writeFile(resolvePath("cut.jpg"), jpeg.subarray(0, Math.floor(jpeg.length / 2)));
  await makeMedia(...pattern, resolvePath("whole.gif"));
  await writeFile(resolvePath("bad-frame.gif"), breakSecondFrame(await readFile(resolvePath("whole.gif"))));
  await makeMedia(
    "-f",
    "lavfi",
    "-i",
    "testsrc=s=64x64:r=1/10:d=20",
    resolvePath("longer-than-the-clip.gif"),
  );
  await makeMedia(
    ..."-f lavfi -i testsrc=s=160x90:r=25:d=1 -f lavfi -i sine=d=1 -c:v libx264 -preset ultrafast -c:a aac".split(
      " ",
    ),
    resolvePath("clip.mp4"),
  );
  await writeFile(resolvePath("zeros.mp4"), zeroMediaData(await readFile(resolvePath("clip.mp4"))));
};
