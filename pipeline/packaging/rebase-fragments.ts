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

interface DecodeTime {
  readonly timescale: number;
  readonly view: DataView;
  readonly isLong: boolean;
}

/** Finds the decode time of each track fragment (`tfdt`; ISO/IEC 14496-12, 8.8.12). */
const listDecodeTimes = (
  segment: Uint8Array,
  timescales: ReadonlyMap<number, number>,
): readonly DecodeTime[] =>
  listBoxes(segment)
    .filter(({ type }) => type === "moof")
    .flatMap(({ offset, headerBytes, size }) => {
      const moof = segment.subarray(offset + headerBytes, offset + size);
      return listBoxes(moof)
        .filter(({ type }) => type === "traf")
        .flatMap((box): readonly DecodeTime[] => {
          const traf = moof.subarray(box.offset + box.headerBytes, box.offset + box.size);
          const tfhd = findBoxContents(traf, ["tfhd"]);
          const tfdt = findBoxContents(traf, ["tfdt"]);
          const timescale = tfhd === undefined ? undefined : timescales.get(getView(tfhd).getUint32(4));
          return tfdt === undefined || timescale === undefined
            ? []
            : [{ timescale, view: getView(tfdt), isLong: tfdt[0] === 1 }];
        });
    });

const readTime = ({ view, isLong }: DecodeTime): bigint =>
  isLong ? view.getBigUint64(4) : BigInt(view.getUint32(4));

/** Finds the earliest decode time of a segment, in whole seconds; 0 if it has none. */
export const findFirstSecond = (segment: Uint8Array, timescales: ReadonlyMap<number, number>): number => {
  const seconds = listDecodeTimes(segment, timescales).map((time) =>
    Number(readTime(time) / BigInt(time.timescale)),
  );
  return seconds.length === 0 ? 0 : Math.min(...seconds);
};

/**
 * Subtracts seconds from the decode times of a segment, in place, so that a file of a channel's later segments begins near
 * 0: ffprobe takes the end of its last fragment for its duration. Its indexes (`sidx`), which have times too, become
 * `free` boxes.
 *
 * @param seconds whole seconds, at most those of `findFirstSecond`
 */
export const rebaseFragments = (
  segment: Uint8Array,
  timescales: ReadonlyMap<number, number>,
  seconds: number,
): void => {
  for (const time of listDecodeTimes(segment, timescales)) {
    const rebased = readTime(time) - BigInt(seconds) * BigInt(time.timescale);
    if (time.isLong) time.view.setBigUint64(4, rebased);
    else time.view.setUint32(4, Number(rebased));
  }
  for (const { type, offset } of listBoxes(segment))
    if (type === "sidx") segment.set(Buffer.from("free", "latin1"), offset + 4);
};
