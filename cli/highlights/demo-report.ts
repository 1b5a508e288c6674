import { relative } from "node:path";
import Table from "cli-table3";
import { toPrintable } from "../../pipeline/text/format.ts";
import { demoFrameRate } from "../../runtime/highlights/demo-channel.ts";
import type { HighlightsDemoOutcome } from "./demo.ts";
import type { DemoAppearance } from "./demo-comparison.ts";

const formatTime = (seconds: number | null): string => (seconds === null ? "–" : seconds.toFixed(2));

/** Formats how many frames an edge is late: `0`, `+1`, `-2`. */
const formatFrames = (found: number | null, expected: number | null): string => {
  if (found === null || expected === null) return "";
  const frames = Math.round((found - expected) * demoFrameRate);
  return `${frames > 0 ? "+" : ""}${frames}`;
};

const describeResult = ({ trueStart, start, clip }: DemoAppearance): string => {
  if (trueStart === null) return "not in the channel";
  if (start === null) return "missed";
  return clip === null ? "found, no clip" : "found";
};

/** Renders the found against the true appearances, with their clips. */
export const renderHighlightsDemo = ({
  appearances,
  detector,
  segments,
  detections,
}: HighlightsDemoOutcome): string => {
  const table = new Table({
    head: [
      "label",
      "true start\n(s)",
      "start\n(s)",
      "error\n(frames)",
      "true end\n(s)",
      "end\n(s)",
      "error\n(frames)",
      "result",
      "clip\n(s)",
    ],
    style: { head: [], border: [] },
  });
  for (const appearance of appearances) {
    const { label, trueStart, trueEnd, start, end, clip } = appearance;
    table.push([
      toPrintable(label),
      formatTime(trueStart),
      formatTime(start),
      formatFrames(start, trueStart),
      formatTime(trueEnd),
      formatTime(end),
      formatFrames(end, trueEnd),
      describeResult(appearance),
      formatTime(clip?.durationSeconds ?? null),
    ]);
  }
  const clips = appearances.flatMap(({ clip }) =>
    clip === null ? [] : [`  ${relative(process.cwd(), clip.path)}`],
  );
  return [
    table.toString(),
    `Detections:  ${detections} by ${detector}, in ${segments} segments`,
    ...(clips.length === 0 ? ["Clips:       none"] : ["Clips:", ...clips]),
  ].join("\n");
};
