import type { ByteSpan } from "../../pipeline/media/png-chunks.ts";

/** Bytes of a splice: the spans, one after the other. */
export const splicedSize = (spans: readonly ByteSpan[]): number =>
  spans.reduce((sum, { start, end }) => sum + end - start + 1, 0);

/**
 * Where bytes `start` to `end` (both included) of a splice lie in the whole.
 *
 * @param spans of the whole, in order
 */
export const sourceSpans = (spans: readonly ByteSpan[], start: number, end: number): readonly ByteSpan[] => {
  const found: ByteSpan[] = [];
  let offset = 0;
  for (const span of spans) {
    const length = span.end - span.start + 1;
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, length - 1);
    if (from <= to) found.push({ start: span.start + from, end: span.start + to });
    offset += length;
  }
  return found;
};
