import type { ByteRange } from "../../pipeline/media/png-chunks.ts";

/** Total bytes of concatenated spans. */
export const computeSplicedBytes = (spans: readonly ByteRange[]): number =>
  spans.reduce((sum, { start, end }) => sum + end - start + 1, 0);

/**
 * Maps bytes `start` to `end` (both included) of concatenated spans to ranges of the source.
 *
 * @param spans ranges of the source, in order
 */
export const mapToSourceSpans = (
  spans: readonly ByteRange[],
  start: number,
  end: number,
): readonly ByteRange[] => {
  const mapped: ByteRange[] = [];
  let offset = 0;
  for (const span of spans) {
    const length = span.end - span.start + 1;
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, length - 1);
    if (from <= to) mapped.push({ start: span.start + from, end: span.start + to });
    offset += length;
  }
  return mapped;
};
