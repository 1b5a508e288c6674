import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { listBoxes } from "../../../pipeline/packaging/mp4-boxes.ts";
import { type DecodeTime, parseDecodeTimes } from "../../../pipeline/packaging/rebase-fragments.ts";

/** Reads bytes of an object from `start` to `end`, both included. */
export type ReadObjectRange = (start: number, end: number) => Promise<Uint8Array>;

/** What must be changed in a segment of fragmented MP4 so that it begins at another time. */
export interface FragmentTimes {
  readonly decodeTimes: readonly DecodeTime[];
  /** Offsets of the indexes (`sidx`), which have times too. */
  readonly indexOffsets: readonly number[];
}

/** Bytes of one read: those of most fragments without their media. */
const windowBytes = 32 * 1024;
/** Larger than the fragment of any segment. */
const maxFragmentBytes = 16 * 2 ** 20;
const maxHeaderBytes = 16;

/**
 * Finds the times of a segment. Reads its boxes without its media.
 *
 * @param bytes size of the segment
 * @throws JobFailure 4000 for a fragment that is too large; what `read` throws
 */
export const scanFragments = async (
  name: string,
  bytes: number,
  timescales: ReadonlyMap<number, number>,
  read: ReadObjectRange,
): Promise<FragmentTimes> => {
  let window: { readonly offset: number; readonly data: Uint8Array } = { offset: 0, data: new Uint8Array() };
  const readBytes = async (offset: number, length: number): Promise<Uint8Array> => {
    const end = Math.min(bytes, offset + length);
    if (offset < window.offset || end > window.offset + window.data.length)
      window = {
        offset,
        data: await read(offset, Math.min(bytes, offset + Math.max(length, windowBytes)) - 1),
      };
    return window.data.subarray(offset - window.offset, end - window.offset);
  };
  const decodeTimes: DecodeTime[] = [];
  const indexOffsets: number[] = [];
  let offset = 0;
  while (offset < bytes) {
    const [box] = listBoxes(await readBytes(offset, maxHeaderBytes));
    // What is no box, is left to ffmpeg.
    if (box === undefined) break;
    if (box.type === "sidx") indexOffsets.push(offset);
    if (box.type === "moof") {
      if (box.size > maxFragmentBytes)
        throw new JobFailure(
          4000,
          `A fragment of ${name} has a header of ${box.size} bytes; at most ${maxFragmentBytes} are read.`,
        );
      decodeTimes.push(...parseDecodeTimes(await readBytes(offset, box.size), offset, timescales));
    }
    offset += box.size;
  }
  return { decodeTimes, indexOffsets };
};
