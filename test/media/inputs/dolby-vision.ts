/** Boxes from the file's top to the video's sample entry. */
const containers = ["moov", "trak", "mdia", "minf", "stbl", "stsd"];
/** Bytes of a box before its children: `stsd` has a version and a count, a visual sample entry 78 bytes. */
const headerBytes: Readonly<Record<string, number>> = { stsd: 16, hvc1: 86 };

/** Finds a child box. @throws Error if it is missing */
const findBox = (file: Buffer, type: string, start: number, end: number): number => {
  for (let at = start; at + 8 <= end; at += file.readUInt32BE(at))
    if (file.toString("latin1", at + 4, at + 8) === type) return at;
  throw new Error(`The file has no box ${type}.`);
};

/**
 * Builds a configuration box (Dolby Vision Streams Within the ISO Base Media File Format, 3.2): level 6, RPU and base
 * layer present.
 */
const buildConfigurationBox = (profile: number, compatibilityId: number): Buffer => {
  const box = Buffer.alloc(32);
  box.writeUInt32BE(box.length, 0);
  box.write(profile > 7 ? "dvvC" : "dvcC", 4, "latin1");
  box.writeUInt8(1, 8);
  box.writeUInt16BE((profile << 9) | (6 << 3) | 0b101, 10);
  box.writeUInt8(compatibilityId << 4, 12);
  return box;
};

/**
 * Marks an HEVC track as Dolby Vision. The movie header must come after the media data, because chunk offsets stay as
 * they are.
 */
export const markAsDolbyVision = (file: Buffer, profile: number, compatibilityId: number): Buffer => {
  const marked = Buffer.from(file);
  const box = buildConfigurationBox(profile, compatibilityId);
  let start = 0;
  let end = marked.length;
  for (const type of [...containers, "hvc1"]) {
    const at = findBox(marked, type, start, end);
    const bytes = marked.readUInt32BE(at);
    marked.writeUInt32BE(bytes + box.length, at);
    start = at + (headerBytes[type] ?? 8);
    end = at + bytes;
  }
  return Buffer.concat([marked.subarray(0, end), box, marked.subarray(end)]);
};
