/** Byte ranges of a fragmented MP4's header and index, and the fragments in the index. */
export interface FragmentIndex {
  /** First and last byte of the header (`ftyp`, `moov`). */
  readonly headerRange: readonly [number, number];
  /** First and last byte of the index (`sidx`). */
  readonly indexRange: readonly [number, number];
  readonly fragments: readonly { readonly seconds: number; readonly bytes: number }[];
}

const parseSidx = (box: DataView): FragmentIndex["fragments"] => {
  const version = box.getUint8(8);
  const timescale = box.getUint32(16);
  const countOffset = version === 0 ? 28 : 36;
  const fragments: { readonly seconds: number; readonly bytes: number }[] = [];
  for (let entry = 0; entry < box.getUint16(countOffset + 2); entry += 1) {
    const offset = countOffset + 4 + entry * 12;
    if (offset + 12 > box.byteLength) break;
    fragments.push({
      bytes: box.getUint32(offset) & 0x7fffffff,
      seconds: box.getUint32(offset + 4) / timescale,
    });
  }
  return fragments;
};

/**
 * Parses the beginning of a fragmented MP4 (ISO/IEC 14496-12, `sidx`); undefined if it has no complete index.
 */
export const parseFragmentIndex = (bytes: Uint8Array): FragmentIndex | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const size = view.getUint32(offset);
    const type = Buffer.from(bytes.subarray(offset + 4, offset + 8)).toString("latin1");
    if (size < 8 || type === "moof" || offset + size > bytes.length) return undefined;
    if (type === "sidx")
      return {
        headerRange: [0, offset - 1],
        indexRange: [offset, offset + size - 1],
        fragments: parseSidx(new DataView(bytes.buffer, bytes.byteOffset + offset, size)),
      };
    offset += size;
  }
  return undefined;
};
