import type { Step, StepResult } from "../encoding/plan.ts";
import { type FragmentIndex, measureIndexEnd, parseFragmentIndex } from "./fragment-index.ts";

/** Bytes of the first read: header and index of an hour in segments of 4 s take 12 KB. */
const firstReadBytes = 64 * 1024;
/** Maximum for header and index. An index has at most 65,535 fragments of 12 bytes. */
const maxReadBytes = 16 * 1024 * 1024;

/** Header (`ftyp`, `moov`) and index of a fragmented MP4. */
export interface FragmentedFile {
  readonly header: Uint8Array;
  readonly index: FragmentIndex;
}

/** Reads header and index of a fragmented MP4, whatever their size; undefined if the file has no index. */
export function* readFragmentedFile(path: string): Generator<Step, FragmentedFile | undefined, StepResult> {
  let length = firstReadBytes;
  while (true) {
    const { bytes = new Uint8Array() } = yield { kind: "head", path, length };
    const index = parseFragmentIndex(bytes);
    if (index !== undefined) return { index, header: bytes.subarray(0, index.headerRange[1] + 1) };
    const neededBytes = measureIndexEnd(bytes);
    const isRest = bytes.length < length;
    if (neededBytes === undefined || neededBytes <= length || neededBytes > maxReadBytes || isRest)
      return undefined;
    length = neededBytes;
  }
}
