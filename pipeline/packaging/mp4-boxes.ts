/** A box of an MP4 file (ISO/IEC 14496-12, 4.2). */
export interface Mp4Box {
  readonly type: string;
  /** Offset of its first byte. */
  readonly offset: number;
  /** Bytes, including the header; may exceed the bytes at hand. */
  readonly size: number;
  /** Bytes of the header: size and type. */
  readonly headerBytes: number;
}

const getView = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const readBox = (bytes: Uint8Array, offset: number): Mp4Box | undefined => {
  if (offset + 8 > bytes.length) return undefined;
  const view = getView(bytes);
  const size = view.getUint32(offset);
  const type = Buffer.from(bytes.subarray(offset + 4, offset + 8)).toString("latin1");
  if (size !== 1) return size < 8 ? undefined : { type, offset, size, headerBytes: 8 };
  if (offset + 16 > bytes.length) return undefined;
  const largeSize = Number(view.getBigUint64(offset + 8));
  return largeSize < 16 ? undefined : { type, offset, size: largeSize, headerBytes: 16 };
};

/**
 * Lists the boxes from an offset on. The last one can be cut off.
 *
 * @param offset of the first box
 */
export const listBoxes = (bytes: Uint8Array, offset = 0): readonly Mp4Box[] => {
  const boxes: Mp4Box[] = [];
  for (let box = readBox(bytes, offset); box !== undefined; box = readBox(bytes, box.offset + box.size))
    boxes.push(box);
  return boxes;
};

/**
 * Finds the contents of a box by the types of the boxes around it; undefined if it is absent or cut off.
 *
 * @param offset of the first box in `bytes`
 */
export const findBoxContents = (
  bytes: Uint8Array,
  [type, ...path]: readonly string[],
  offset = 0,
): Uint8Array | undefined => {
  const box = listBoxes(bytes, offset).find((candidate) => candidate.type === type);
  if (box === undefined || box.offset + box.size > bytes.length) return undefined;
  const contents = bytes.subarray(box.offset + box.headerBytes, box.offset + box.size);
  return path.length === 0 ? contents : findBoxContents(contents, path);
};
