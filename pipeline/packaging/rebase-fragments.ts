import { findBoxContents, listBoxes } from "./mp4-boxes.ts";

const getView = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Parses the timescale of each track of an initialization section (ISO/IEC 14496-12, 8.3.2 and 8.4.2). */
export const parseTimescales = (initialization: Uint8Array): ReadonlyMap<number, number> => {
  const timescales = new Map<number, number>();
  const moov = findBoxContents(initialization, ["moov"]) ?? new Uint8Array();
  for (const { type, offset, headerBytes, size } of listBoxes(moov)) {
    if (type !== "trak") continue;
    const trak = moov.subarray(offset + headerBytes, offset + size);
    const tkhd = findBoxContents(trak, ["tkhd"]);
    const mdhd = findBoxContents(trak, ["mdia", "mdhd"]);
    if (tkhd === undefined || mdhd === undefined) continue;
    const id = getView(tkhd).getUint32(tkhd[0] === 1 ? 20 : 12);
    timescales.set(id, getView(mdhd).getUint32(mdhd[0] === 1 ? 20 : 12));
  }
  return timescales;
};

/** The decode time of a track fragment (`tfdt`; ISO/IEC 14496-12, 8.8.12). */
export interface DecodeTime {
  /** Offset of the number. */
  readonly offset: number;
  /** True for 64 bits, false for 32. */
  readonly isLong: boolean;
  /** In units of the timescale. */
  readonly time: bigint;
  readonly timescale: number;
}

/**
 * Parses the decode times of a fragment.
 *
 * @param moof the whole box
 * @param moofOffset offset of the box in its segment
 */
export const parseDecodeTimes = (
  moof: Uint8Array,
  moofOffset: number,
  timescales: ReadonlyMap<number, number>,
): readonly DecodeTime[] => {
  const contents = findBoxContents(moof, ["moof"]) ?? new Uint8Array();
  return listBoxes(contents)
    .filter(({ type }) => type === "traf")
    .flatMap((box): readonly DecodeTime[] => {
      const traf = contents.subarray(box.offset + box.headerBytes, box.offset + box.size);
      const tfhd = findBoxContents(traf, ["tfhd"]);
      const tfdt = findBoxContents(traf, ["tfdt"]);
      const timescale = tfhd === undefined ? undefined : timescales.get(getView(tfhd).getUint32(4));
      if (tfdt === undefined || timescale === undefined) return [];
      const isLong = tfdt[0] === 1;
      const view = getView(tfdt);
      return [
        {
          offset: moofOffset + tfdt.byteOffset + 4 - moof.byteOffset,
          isLong,
          time: isLong ? view.getBigUint64(4) : BigInt(view.getUint32(4)),
          timescale,
        },
      ];
    });
};

/** Finds the earliest decode time, in whole seconds; 0 without one. */
export const findFirstSecond = (decodeTimes: readonly DecodeTime[]): number => {
  const seconds = decodeTimes.map(({ time, timescale }) => Number(time / BigInt(timescale)));
  return seconds.length === 0 ? 0 : Math.min(...seconds);
};

/** Bytes that replace those of a segment from an offset on. */
export interface BytePatch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Builds the patches that subtract seconds from decode times, so that a channel's later segments begin near 0: ffprobe takes
 * the end of the last fragment for the duration of a source.
 *
 * @param seconds whole seconds, at most those of `findFirstSecond`
 */
export const rebaseDecodeTimes = (
  decodeTimes: readonly DecodeTime[],
  seconds: number,
): readonly BytePatch[] =>
  decodeTimes.map(({ offset, isLong, time, timescale }) => {
    const bytes = new Uint8Array(isLong ? 8 : 4);
    const rebased = time - BigInt(seconds) * BigInt(timescale);
    if (isLong) getView(bytes).setBigUint64(0, rebased);
    else getView(bytes).setUint32(0, Number(rebased));
    return { offset, bytes };
  });

/** Builds the patch that hides a box at an offset: it becomes a `free` box of the same size. */
export const hideBox = (offset: number): BytePatch => ({
  offset: offset + 4,
  bytes: Buffer.from("free", "latin1"),
});

/**
 * Applies patches to a part of a segment. Returns a copy if the part has a patched byte.
 *
 * @param offset of the part in its segment
 */
export const applyPatches = (part: Uint8Array, offset: number, patches: readonly BytePatch[]): Uint8Array => {
  const end = offset + part.length;
  const hits = patches.filter((patch) => patch.offset < end && patch.offset + patch.bytes.length > offset);
  if (hits.length === 0) return part;
  const patched = Uint8Array.from(part);
  for (const patch of hits) {
    const first = Math.max(patch.offset, offset);
    const last = Math.min(patch.offset + patch.bytes.length, end);
    patched.set(patch.bytes.subarray(first - patch.offset, last - patch.offset), first - offset);
  }
  return patched;
};
