import { readFile, writeFile } from "node:fs/promises";
import { h264Arguments, vp8Arguments } from "./codecs.ts";
import { buildFlashGraph, buildGraphInput } from "./graphs.ts";
import { encodeInput, type InputKind } from "./media-input.ts";

const headerBytes = 32;

/** Puts the frames of one IVF file after those of another, at 25 frames/s. */
const joinIvf = (first: Buffer, second: Buffer): Buffer => {
  const parts: Buffer[] = [first.subarray(0, headerBytes)];
  let count = 0;
  for (const file of [first, second])
    for (let at = headerBytes; at < file.length; ) {
      const size = file.readUInt32LE(at);
      const header = Buffer.alloc(12);
      header.writeUInt32LE(size);
      header.writeBigUInt64LE(BigInt(count), 4);
      parts.push(header, file.subarray(at + 12, at + 12 + size));
      at += 12 + size;
      count += 1;
    }
  return Buffer.concat(parts);
};

/** Size and shape of what is seen. */
export const geometry: InputKind = {
  title: "Aspect ratio",
  inputs: [
    {
      name: "size-change.webm",
      description: "VP8 that changes from 320×180 to 180×320 at 3 s",
      isSample: true,
      async create({ programs, path, scratchPath }) {
        const [first, second, joined] = ["1.ivf", "2.ivf", "ivf"].map(scratchPath);
        if (first === undefined || second === undefined || joined === undefined) throw new Error("no paths");
        await programs.ffmpeg([...buildGraphInput(buildFlashGraph({ seconds: 3 })), ...vp8Arguments, first]);
        const square =
          "color=gray:s=180x320:r=25:d=3,format=yuv420p,drawbox=x=45:y=115:w=90:h=90:c=white:t=fill";
        await programs.ffmpeg([...buildGraphInput(square), ...vp8Arguments, second]);
        await writeFile(joined, joinIvf(await readFile(first), await readFile(second)));
        await programs.ffmpeg(["-i", joined, "-c", "copy", path]);
      },
      facts: { videoSeconds: 6, squareSeconds: 4.5 },
    },
    {
      name: "anamorphic.mp4",
      description: "pixels of 4:3",
      create: encodeInput(
        buildGraphInput(
          "color=gray:s=320x240:r=25:d=2,format=yuv420p,drawbox=x=100:y=60:w=60:h=80:c=white:t=fill,setsar=4/3",
        ),
        h264Arguments,
      ),
      facts: { videoSeconds: 2, squareSeconds: 1 },
    },
    {
      name: "fade-from-black.mkv",
      description: "2 s of black, then a fade",
      isSample: true,
      create: encodeInput(
        buildGraphInput("testsrc2=s=320x180:r=25:d=12,fade=in:st=1.5:d=1.5"),
        ...["-c:v", "libx264", "-preset", "ultrafast"],
      ),
      facts: { videoSeconds: 12, needsPosterSelection: true },
    },
  ],
};
