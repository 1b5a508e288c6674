import { expect } from "chai";
import { type ChannelProblems, summarizeProblems } from "../../../pipeline/highlights/channel-status.ts";
import {
  type DetectedFrames,
  removeExpiredCap,
  updateDetectionProblems,
} from "../../../pipeline/highlights/detection-status.ts";
import { DetectionFailure } from "../../../pipeline/ports/label-detector.ts";

const noFrames: DetectedFrames = { undetected: [], detections: [] };
const whole = { labels: [], celebrities: [] };
const partial = {
  ...whole,
  celebritiesFailure: { kind: "denied", message: "RecognizeCelebrities is not allowed." },
} as const;

describe("the status of a channel at a cap", () => {
  const resetsAt = Date.UTC(2026, 10, 30, 14) / 1000;
  const decision = { isAllowed: false, cap: "maxDetectionsPerHour", resetsAt } as const;

  it("is capped until the count begins again, also after frames that were detected", () => {
    const undetected = [{ kind: "capped", decision }] as const;
    const capped = updateDetectionProblems({}, { ...noFrames, undetected }, resetsAt - 600);
    expect(summarizeProblems(capped)).to.include({ name: "capped", capResetsAt: resetsAt });

    const detected = { ...noFrames, detections: [whole] };
    expect(updateDetectionProblems(capped, detected, resetsAt - 1)).to.deep.equal(capped);
    expect(updateDetectionProblems(capped, detected, resetsAt)).to.deep.equal({});
    expect(removeExpiredCap(capped, resetsAt - 1)).to.equal(capped);
    expect(removeExpiredCap(capped, resetsAt)).to.deep.equal({});
  });

  it("tells of the cap beside another problem, whichever is named", () => {
    const cap = { name: "capped", message: "The cap is reached.", capResetsAt: resetsAt } as const;
    const stalled = { name: "stalled", message: "No new segment." } as const;
    const failed = { name: "error", message: "A segment was skipped." } as const;

    expect(summarizeProblems({ cap, archive: stalled })).to.deep.equal({
      name: "stalled",
      message: "No new segment. The cap is reached.",
      capResetsAt: resetsAt,
      parts: ["archive", "cap"],
    });
    expect(summarizeProblems({ archive: stalled, frames: failed })).to.deep.equal({
      name: "error",
      message: "A segment was skipped. No new segment.",
      parts: ["archive", "frames"],
    });
    expect(summarizeProblems({})).to.deep.equal({ name: "watching", message: "" });
  });
});

describe("the status of a channel whose frames are not searched", () => {
  const update = (frames: Partial<DetectedFrames>, before: ChannelProblems = {}) =>
    summarizeProblems(updateDetectionProblems(before, { ...noFrames, ...frames }, 0));

  it("is an error that says why", () => {
    for (const [reason, message] of [
      [{ kind: "undecodable" }, "cannot be decoded"],
      [{ kind: "unknown", reason: "lost" }, "may be billed"],
      [{ kind: "unknown", reason: "abandoned" }, "A run was ended"],
      [{ kind: "refused", failure: new DetectionFailure("image", "It has no width.") }, "It has no width."],
    ] as const) {
      const status = update({ undetected: [reason], detections: [whole] });
      expect(status).to.deep.include({ name: "error", parts: ["frames"] });
      expect(status.message).to.include(message);
    }
  });

  it("is an error if celebrities are not recognized", () => {
    const status = update({ detections: [partial, whole] });
    expect(status).to.deep.include({ name: "error", parts: ["frames"] });
    expect(status.message).to.equal(
      "Celebrities are not recognized, labels are: RecognizeCelebrities is not allowed.",
    );
  });

  it("lasts until a frame is detected whole", () => {
    const before = updateDetectionProblems({}, { ...noFrames, detections: [partial] }, 0);
    expect(update({}, before).name).to.equal("error");
    expect(update({ detections: [whole] }, before).name).to.equal("watching");
  });

  it("no longer says that detection is tried again once a segment was searched", () => {
    const detection = { name: "error", message: "Detection failed." } as const;
    expect(update({}, { detection }).name).to.equal("watching");
  });
});
