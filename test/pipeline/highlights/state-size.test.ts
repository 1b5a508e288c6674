import { expect } from "chai";
import fc from "fast-check";
import {
  type ChannelStatus,
  channelParts,
  maxStateBytes,
} from "../../../pipeline/highlights/appearance-store.ts";
import {
  type ChannelProblems,
  replaceProblem,
  summarizeProblems,
} from "../../../pipeline/highlights/channel-status.ts";
import { type ChannelLabels, noLabels, observeFrame } from "../../../pipeline/highlights/label-tracker.ts";
import { type RecentDetection, rememberDetection } from "../../../pipeline/highlights/recent-detections.ts";
import type { FrameReference } from "../../../pipeline/highlights/segment.ts";
import { rememberCuts, type WatcherState } from "../../../pipeline/highlights/watcher-state.ts";
import { buildChannel } from "./channel-fixtures.ts";

/** A frame whose reference is as long as any. */
const buildFrame = (number: number): FrameReference => ({
  segmentId: `99999999-${String(number).padStart(16, "9")}`,
  frame: 71_999,
  time: 1_790_000_000.123_456 + number,
});

/** As many labels as the settings of a channel have room for. */
const fillSettings = (candidates: readonly string[]): readonly string[] => {
  const labels: string[] = [];
  for (const label of candidates)
    try {
      buildChannel({ clipLabels: [...labels, label] });
      labels.push(label);
    } catch {
      // There is no room, or another label has this name.
    }
  return labels;
};

/** Labels of few and of many bytes, with characters that JSON escapes. */
const labelLists = fc
  .tuple(
    fc.constantFrom(1, 4, 20, 60, 128),
    fc.array(
      fc.string({ unit: fc.constantFrom('"', "\\", "é", "漢", "A", "0"), minLength: 128, maxLength: 128 }),
      {
        minLength: 100,
        maxLength: 100,
      },
    ),
  )
  .map(([length, texts]) => fillSettings(texts.map((text, index) => `${index}${text}`.slice(0, length + 2))));

/** What a detector says, of any length. */
const problem = { name: "error", message: "漢".repeat(5000) } as const;

describe("the largest state of a channel", () => {
  it("fits an item, whatever its labels are", () => {
    fc.assert(
      fc.property(labelLists, fc.boolean(), (names, areCelebrities) => {
        const labels = names.map((name) => ({
          name,
          confidence: 99.123_456_789,
          ...(areCelebrities ? { isCelebrity: true as const } : {}),
        }));
        let tracked: ChannelLabels = noLabels;
        let recentDetections: readonly RecentDetection[] = [];
        let cuts: WatcherState["cuts"] = [];
        for (let number = 0; number < 100; number += 1) {
          const frame = buildFrame(number);
          // The last frame leaves each label between present and absent.
          const shown = number === 99 ? [] : labels;
          tracked = observeFrame(
            tracked,
            { frame, labels: shown, areCelebritiesUnknown: number === 98 },
            100,
          ).state;
          recentDetections = rememberDetection(recentDetections, {
            hash: "ffffffffffffffff",
            time: frame.time,
            labels,
            areCelebritiesUnknown: true,
          });
          cuts = rememberCuts(cuts, [{ frame, score: 0.123_456_789_012 }]);
        }
        let problems: ChannelProblems = {};
        for (const part of channelParts) problems = replaceProblem(problems, part, problem);
        const state: Omit<WatcherState, "position"> & { readonly position: string } = {
          // A position has at most 4 KB (follow-playlist.test.ts).
          position: "x".repeat(4096),
          lastSegmentId: buildFrame(0).segmentId,
          detectedSegmentId: buildFrame(1).segmentId,
          attempts: { segmentId: buildFrame(2).segmentId, scans: 3, failingSinceMs: Date.now() },
          problems,
          recentDetections,
          cutBudget: { tokens: 0.123_456_789, time: buildFrame(3).time },
          labels: tracked,
          cuts,
        };
        const status: ChannelStatus = { ...summarizeProblems(problems), lastPolledAt: buildFrame(4).time };

        expect(tracked.labels).to.have.length(names.length);
        const stateBytes = Buffer.byteLength(JSON.stringify(state));
        expect(stateBytes).to.be.below(maxStateBytes);
        // The status and the lease are in the same item, which DynamoDB limits to 400 KB.
        expect(stateBytes + Buffer.byteLength(JSON.stringify(status))).to.be.below(400_000 - 1000);
      }),
      { numRuns: 50 },
    );
  });
});
