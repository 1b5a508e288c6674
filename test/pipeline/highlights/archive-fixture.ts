import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import type { Appearance } from "../../../pipeline/highlights/appearance.ts";
import type { ArchivedSegment, FrameReference } from "../../../pipeline/highlights/segment.ts";

const frameRate = 25;
export const segmentSeconds = 4;

/** A segment of the channel `news`: number 0 starts at 1000 s. */
export const buildSegment = (number: number, timeline = 1): ArchivedSegment => ({
  channel: "news",
  id: `00000000-${String(number).padStart(16, "0")}`,
  timeline,
  isInterrupted: false,
  candidates: [],
  startTime: 1000 + number * segmentSeconds,
  durationSeconds: segmentSeconds,
  key: `archive/news/${number}.ts`,
  bytes: 1000,
  frameTimes: Array.from({ length: segmentSeconds * frameRate }, (_, frame) => frame / frameRate),
});

/** A frame of the segment with a number. */
export const buildReference = (number: number, frame: number): FrameReference => {
  const { id, startTime } = buildSegment(number);
  return { segmentId: id, frame, time: startTime + frame / frameRate };
};

/** A store that has segments and appearances. */
export const openStore = async (
  segments: readonly ArchivedSegment[],
  appearances: readonly Appearance[] = [],
) => {
  const store = createMemoryAppearanceStore({ now: () => new Date(2_000_000) });
  for (const segment of segments) await store.putSegment(segment);
  for (const appearance of appearances) await store.putAppearance(appearance);
  return store;
};
