/** A box of ISO/IEC 14496-12. */
export const buildBox = (type: string, ...contents: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(contents);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};

export type Entry = readonly [bytes: number, milliseconds: number];

/** An index of fragments, in milliseconds. */
export const buildSidx = (version: 0 | 1, entries: readonly Entry[], firstOffset = 0): Buffer => {
  const start = version === 0 ? 20 : 28;
  const body = Buffer.alloc(start + 4 + entries.length * 12);
  body.writeUInt8(version);
  body.writeUInt32BE(1000, 8);
  body.writeUInt32BE(firstOffset, start - 4);
  body.writeUInt16BE(entries.length, start + 2);
  for (const [index, [bytes, milliseconds]] of entries.entries()) {
    body.writeUInt32BE(bytes, start + 4 + index * 12);
    body.writeUInt32BE(milliseconds, start + 8 + index * 12);
  }
  return buildBox("sidx", body);
};

/** A `moov` box with one track, whose only sample entry has a decoder configuration. */
const buildMoov = (entryType: string, fieldBytes: number, configuration: Buffer): Buffer =>
  [...["stbl", "minf", "mdia", "trak", "moov"]].reduce(
    (inner, type) => buildBox(type, inner),
    buildBox(
      "stsd",
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]),
      buildBox(entryType, Buffer.alloc(fieldBytes), configuration),
    ),
  );
/** Header of an H.264 track: High profile, level 4.1. */
export const buildVideoHeader = (): Buffer =>
  Buffer.concat([
    buildBox("ftyp", Buffer.alloc(8)),
    buildMoov(
      "avc1",
      78,
      Buffer.concat([buildBox("pasp", Buffer.alloc(8)), buildBox("avcC", Buffer.of(1, 0x64, 0, 0x29, 0xff))]),
    ),
  ]);
/** Header of an audio track with the descriptors of an `esds` box. The lengths have four bytes, as ffmpeg writes them. */
export const buildAudioHeader = (objectType = 0x40, info: readonly number[] = [0x11, 0x90]): Buffer => {
  const descriptor = (tag: number, ...contents: readonly number[]) => [
    ...[tag, 0x80, 0x80, 0x80, contents.length],
    ...contents,
  ];
  const config = descriptor(4, objectType, 0x15, ...new Array<number>(11).fill(0), ...descriptor(5, ...info));
  const esds = Buffer.from([0, 0, 0, 0, ...descriptor(3, 0, 1, 0, ...config)]);
  return Buffer.concat([buildBox("ftyp", Buffer.alloc(8)), buildMoov("mp4a", 28, buildBox("esds", esds))]);
};
/** A fragmented file: header, index, and the beginning of its first fragment. */
export const buildFragmentedMp4 = (header: Buffer, entries: readonly Entry[], version: 0 | 1 = 1): Buffer =>
  Buffer.concat([header, buildSidx(version, entries), buildBox("moof", Buffer.alloc(4))]);
