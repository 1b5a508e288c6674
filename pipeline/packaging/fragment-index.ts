import { listBoxes } from "./mp4-boxes.ts";

/** A fragment of an MP4 file, or several that the index counts as one. */
export interface Fragment {
  readonly seconds: number;
  /** First byte in the file. */
  readonly offset: number;
  readonly bytes: number;
}
/** Byte ranges of a fragmented MP4's header and index, and the fragments in the index. */
export interface FragmentIndex {
  /** First and last byte of the header (`ftyp`, `moov`). */
  readonly headerRange: readonly [number, number];
  /** First and last byte of the index (`sidx`). */
  readonly indexRange: readonly [number, number];
  readonly fragments: readonly Fragment[];
}

/** Parses a `sidx` box (ISO/IEC 14496-12, 8.16.3). @param end offset of the first byte after the box */
const parseSidx = (box: DataView, end: number): readonly Fragment[] => {
  const version = box.getUint8(8);
  const timescale = box.getUint32(16);
  const countOffset = version === 0 ? 28 : 36;
  if (countOffset + 4 > box.byteLength) return [];
  let offset = end + (version === 0 ? box.getUint32(24) : Number(box.getBigUint64(28)));
  const fragments: Fragment[] = [];
  for (let entry = 0; entry < box.getUint16(countOffset + 2); entry += 1) {
    const entryOffset = countOffset + 4 + entry * 12;
    if (entryOffset + 12 > box.byteLength) break;
    const bytes = box.getUint32(entryOffset) & 0x7fffffff;
    fragments.push({ bytes, offset, seconds: box.getUint32(entryOffset + 4) / timescale });
    offset += bytes;
  }
  return fragments;
};

/** Parses the beginning of a fragmented MP4; undefined if it has no complete index before its first fragment. */
export const parseFragmentIndex = (bytes: Uint8Array): FragmentIndex | undefined => {
  const boxes = listBoxes(bytes);
  const sidx = boxes.find(({ type }) => type === "sidx");
  if (sidx === undefined || boxes.some(({ type, offset }) => type === "moof" && offset < sidx.offset))
    return undefined;
  const { offset, size } = sidx;
  if (size < 32 || offset + size > bytes.length) return undefined;
  return {
    headerRange: [0, offset - 1],
    indexRange: [offset, offset + size - 1],
    fragments: parseSidx(new DataView(bytes.buffer, bytes.byteOffset + offset, size), offset + size),
  };
};

/** Bytes of the largest box header. */
const maxBoxHeaderBytes = 16;

/**
 * Number of bytes from the start of a file up to the end of its index; if more bytes are needed to find the index, a
 * larger number than those at hand. undefined if the file has no index before its first fragment.
 */
export const measureIndexEnd = (bytes: Uint8Array): number | undefined => {
  const boxes = listBoxes(bytes);
  const decisive = boxes.find(({ type }) => type === "sidx" || type === "moof" || type === "mdat");
  if (decisive !== undefined) return decisive.type === "sidx" ? decisive.offset + decisive.size : undefined;
  const last = boxes.at(-1);
  return last === undefined ? undefined : last.offset + last.size + maxBoxHeaderBytes;
};

/** Duration of a fragmented file in seconds. */
export const computeIndexSeconds = ({ fragments }: FragmentIndex): number =>
  fragments.reduce((sum, { seconds }) => sum + seconds, 0);
