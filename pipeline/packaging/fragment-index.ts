/** Where a fragmented MP4's header and index stand, and what the index says of its fragments. */
export interface FragmentIndex {
  /** First and last byte of the header (`ftyp`, `moov`). */
  readonly header: readonly [number, number];
  /** First and last byte of the index (`sidx`). */
  readonly index: readonly [number, number];
  readonly fragments: readonly { readonly seconds: number; readonly bytes: number }[];
}

const readIndex = (box: DataView): FragmentIndex["fragments"] => {
  const version = box.getUint8(8);
  const timescale = box.getUint32(16);
  const count = version === 0 ? 28 : 36;
  const found: { readonly seconds: number; readonly bytes: number }[] = [];
  for (let entry = 0; entry < box.getUint16(count + 2); entry += 1) {
    const at = count + 4 + entry * 12;
    if (at + 12 > box.byteLength) break;
    found.push({ bytes: box.getUint32(at) & 0x7fffffff, seconds: box.getUint32(at + 4) / timescale });
  }
  return found;
};

/**
 * Reads the beginning of a fragmented MP4 (ISO/IEC 14496-12, `sidx`); undefined where no index stands there whole.
 */
export const readFragmentIndex = (bytes: Uint8Array): FragmentIndex | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    if (size < 8 || type === "moof" || at + size > bytes.length) return undefined;
    if (type === "sidx")
      return {
        header: [0, at - 1],
        index: [at, at + size - 1],
        fragments: readIndex(new DataView(bytes.buffer, bytes.byteOffset + at, size)),
      };
    at += size;
  }
  return undefined;
};
