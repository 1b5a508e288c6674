import type { Appearance } from "../../../pipeline/highlights/appearance.ts";

const startTime = Date.parse("2026-11-21T03:00:00.000Z") / 1000;

/** An appearance of 102 frames at 25 frames per second, from the tenth frame of its segment. */
export const buildAppearance = ({
  status = "closed",
  ...fields
}: Partial<Omit<Appearance, "end">> = {}): Appearance => ({
  id: "00000000-0000000000000007-10-Person",
  channel: "news",
  label: "Person",
  status,
  start: { segmentId: "00000000-0000000000000007", frame: 10, time: startTime },
  ...(status === "open"
    ? {}
    : { end: { segmentId: "00000000-0000000000000008", frame: 12, time: startTime + 4.08 } }),
  confidence: 93,
  imageKey: "archive/news/2026-11-21/00000000-0000000000000007-12.jpg",
  ...fields,
});
