import { open, readFile } from "node:fs/promises";

interface Box {
  readonly type: string;
  readonly body: Buffer;
}

const parseBoxes = (bytes: Buffer): readonly Box[] => {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    boxes.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return boxes;
};
const boxBytes = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};

/** Chunk offsets of 32 bits as such of 64, each so many bytes further back (ISO/IEC 14496-12, 8.7.5). */
const longOffsets = (stco: Buffer, further: number): Buffer => {
  const count = stco.readUInt32BE(4);
  const co64 = Buffer.alloc(8 + count * 8);
  stco.copy(co64, 0, 0, 8);
  for (let index = 0; index < count; index += 1)
    co64.writeBigUInt64BE(BigInt(stco.readUInt32BE(8 + index * 4) + further), 8 + index * 8);
  return co64;
};

const parents = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
const moveBox = ({ type, body }: Box, further: number): Buffer => {
  if (type === "stco") return boxBytes("co64", longOffsets(body, further));
  if (!parents.has(type)) return boxBytes(type, body);
  return boxBytes(type, Buffer.concat(parseBoxes(body).map((box) => moveBox(box, further))));
};

/**
 * Makes of a small movie (`ftyp`, `free`, `mdat`, `moov`) one whose samples lie behind a hole: a file of that many
 * bytes more, which takes no more room on the disk.
 */
export const writeSparseMovie = async (from: string, to: string, hole: number): Promise<void> => {
  const boxes = parseBoxes(await readFile(from));
  const [ftyp, mdat, moov] = ["ftyp", "mdat", "moov"].map((type) => boxes.find((box) => box.type === type));
  if (ftyp === undefined || mdat === undefined || moov === undefined)
    throw new Error("The movie has no ftyp, mdat and moov.");
  const start = boxBytes("ftyp", ftyp.body);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1);
  head.write("mdat", 4, "latin1");
  head.writeBigUInt64BE(BigInt(16 + hole + mdat.body.length), 8);
  const before = boxes.slice(0, boxes.indexOf(mdat)).reduce((sum, { body }) => sum + 8 + body.length, 8);
  const samples = start.length + 16 + hole;
  const file = await open(to, "w");
  try {
    await file.write(Buffer.concat([start, head]), 0, undefined, 0);
    await file.write(mdat.body, 0, undefined, samples);
    await file.write(moveBox(moov, samples - before), 0, undefined, samples + mdat.body.length);
  } finally {
    await file.close();
  }
};
