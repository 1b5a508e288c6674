import { expect } from "chai";
import fc from "fast-check";
import { compareFrames, getSegmentEnd } from "../../../pipeline/highlights/frame-order.ts";
import {
  type ChannelLabels,
  closeLabels,
  endLabelsUnsearched,
  noLabels,
  observe,
  observeFrame,
  type TrackerAction,
} from "../../../pipeline/highlights/label-tracker.ts";
import type { ShownLabel } from "../../../pipeline/highlights/shown-labels.ts";
import { buildSegments, ChannelRun, channelPlans, listFrames } from "./channel-fixtures.ts";

const segments = buildSegments([8, 8]);
const frames = listFrames(segments);
const at = (index: number) => {
  const frame = frames[index];
  if (frame === undefined) throw new Error(`no frame ${index}`);
  return frame;
};

/** Observes a line of characters: a confidence is 10 times a digit, `-` is absent. */
const observeAll = (line: string, absentFrames: number, from: ChannelLabels = noLabels, first = 0) => {
  let state = from;
  const actions: TrackerAction[] = [];
  for (const [index, character] of [...line].entries()) {
    const labels = character === "-" ? [] : [{ name: "Cup", confidence: 10 * Number(character) }];
    const next = observeFrame(state, { frame: at(first + index), labels }, absentFrames);
    state = next.state;
    actions.push(...next.actions);
  }
  return { state, actions };
};

describe("the state of a label", () => {
  it("becomes present with the first observation, and absent after enough frames without the label", () => {
    expect(observeAll("--7-9--", 2).actions).to.deep.equal([
      { kind: "findStart", label: "Cup", absent: at(1), present: at(2), confidence: 70 },
      {
        kind: "findEnd",
        label: "Cup",
        firstPresent: at(2),
        present: at(4),
        absent: at(5),
        confidence: 90,
      },
    ]);
  });

  it("ends with the first absent frame if one is enough", () => {
    const kinds = observeAll("9-9-", 1).actions.map(({ kind, present }) => [kind, present.frame]);
    expect(kinds).to.deep.equal([
      ["findStart", 0],
      ["findEnd", 0],
      ["findStart", 2],
      ["findEnd", 2],
    ]);
  });

  it("has no earlier frame at the first observation of a channel", () => {
    expect(observeAll("9", 2).actions).to.deep.equal([
      { kind: "findStart", label: "Cup", present: at(0), confidence: 90 },
    ]);
  });

  it("stays present through a flicker shorter than the hysteresis", () => {
    expect(observeAll("9--9--9", 3).actions).to.have.length(1);
  });

  it("is the same through JSON at each step", () => {
    const stored = JSON.parse(JSON.stringify(observeAll("-9-", 2).state)) as ChannelLabels;
    const { actions } = observeAll("-", 2, stored, 3);
    expect(actions).to.deep.include({
      kind: "findEnd",
      label: "Cup",
      firstPresent: at(1),
      present: at(1),
      absent: at(2),
      confidence: 90,
    });
  });

  it("of one label alone follows the same rules", () => {
    const absent = observe({ label: "Cup", isPresent: false }, { frame: at(0) }, 1).state;
    expect(absent).to.deep.equal({ label: "Cup", isPresent: false, lastAbsent: at(0) });
    const present = observe(absent, { frame: at(1), confidence: 55 }, 1);
    expect(present.actions).to.deep.equal([
      { kind: "findStart", label: "Cup", absent: at(0), present: at(1), confidence: 55 },
    ]);
    expect(observe(present.state, { frame: at(2) }, 1).actions[0]?.kind).to.equal("findEnd");
  });
});

describe("a gap", () => {
  const end = getSegmentEnd(
    segments[0] ??
      (() => {
        throw new Error("no segment");
      })(),
  );

  it("ends what is present at the end of the segment before it", () => {
    const { state, actions } = closeLabels(observeAll("-99", 2).state, end);
    expect(actions).to.deep.equal([
      { kind: "findEnd", label: "Cup", firstPresent: at(1), present: at(2), absent: end, confidence: 90 },
    ]);
    expect(observeAll("9", 2, state, 8).actions).to.deep.equal([
      { kind: "findStart", label: "Cup", absent: end, present: at(8), confidence: 90 },
    ]);
  });

  it("ends what may be absent at its first absent frame", () => {
    const { state, actions } = closeLabels(observeAll("99--", 3).state, end);
    expect(actions[0]).to.deep.include({ present: at(1), absent: at(2) });
    // What is shown after the gap did not begin before it.
    expect(observeAll("9", 2, state, 8).actions[0]).to.deep.include({ absent: end });
  });

  it("is forgotten with the next observation", () => {
    const { state } = closeLabels(observeAll("-99", 2).state, end);
    expect(observeAll("-", 2, state, 8).state).to.deep.equal({ lastFrame: at(8), labels: [] });
    expect(observeAll("-9", 2, state, 8).actions[0]).to.deep.include({ absent: at(8) });
  });

  it("of frames that are not searched cuts off both edges", () => {
    const cutOff = { ...end, isCutOff: true } as const;
    const { state, actions } = closeLabels(observeAll("-99", 2).state, cutOff);
    expect(actions[0]).to.deep.include({ kind: "findEnd", absent: cutOff });
    const stored = JSON.parse(JSON.stringify(state)) as ChannelLabels;
    expect(observeAll("9", 2, stored, 8).actions[0]).to.deep.include({ kind: "findStart", absent: cutOff });
    expect(observeAll("-9", 2, stored, 8).actions[0]).to.deep.include({ absent: at(8) });
  });

  it("ends nothing if nothing is present", () => {
    const { state } = observeAll("--", 2);
    for (const before of [state, noLabels])
      expect(closeLabels(before, end)).to.deep.equal({ state: { lastFrame: end, labels: [] }, actions: [] });
  });
});

describe("a pause", () => {
  it("ends what is present after the last frame known to show it", () => {
    for (const line of ["-99", "-99-"]) {
      const { state, actions } = endLabelsUnsearched(observeAll(line, 2).state);
      expect(actions).to.deep.equal([
        { kind: "endUnsearched", label: "Cup", firstPresent: at(1), present: at(2), confidence: 90 },
      ]);
      expect(endLabelsUnsearched(state)).to.deep.equal({ state, actions: [] });
    }
  });

  it("leaves no gap in what is shown afterwards, unless segments are missing", () => {
    const { state } = endLabelsUnsearched(observeAll("-99", 2).state);
    expect(observeAll("9", 2, state, 3).actions[0]).to.deep.include({ kind: "findStart", absent: at(2) });

    const end = getSegmentEnd(segments[0] ?? expect.fail("no segment"));
    const { state: afterGap } = closeLabels(state, end);
    expect(observeAll("9", 2, afterGap, 8).actions[0]).to.deep.include({ kind: "findStart", absent: end });
  });
});

describe("a frame whose celebrities are unknown", () => {
  const ada = { name: "Ada Lovelace", confidence: 99, isCelebrity: true } as const;
  const cup = { name: "Cup", confidence: 90 };
  /** Observes frames: what each shows, and whether its celebrities are unknown. */
  const observeFrames = (
    shown: readonly (readonly [labels: readonly ShownLabel[], areCelebritiesUnknown?: boolean])[],
    secondsBetween = 1,
  ) => {
    let state = noLabels;
    const actions: TrackerAction[] = [];
    for (const [index, [labels, areCelebritiesUnknown = false]] of shown.entries()) {
      const frame = { ...at(index), time: index * secondsBetween };
      const next = observeFrame(state, { frame, labels, areCelebritiesUnknown }, 2);
      state = next.state;
      actions.push(...next.actions);
    }
    return actions.map((action) => {
      const absent = "absent" in action ? action.absent : undefined;
      return [action.kind, action.label, absent?.frame, ...(absent?.isCutOff ? [true] : [])];
    });
  };

  it("does not end the appearance of a celebrity, and ends that of a label", () => {
    const unknown = [[], true] as const;
    expect(observeFrames([[[ada, cup]], unknown, unknown, unknown, [[ada]]])).to.deep.equal([
      ["findStart", "Ada Lovelace", undefined],
      ["findStart", "Cup", undefined],
      ["findEnd", "Cup", 1],
    ]);
    expect(observeFrames([[[ada]], unknown, [[]], [[]]]).at(-1)).to.deep.equal([
      "findEnd",
      "Ada Lovelace",
      2,
    ]);
  });

  it("ends the appearance of a label that is also the name of a celebrity", () => {
    const both = [ada, { name: ada.name, confidence: 81 }];
    expect(observeFrames([[both], [[], true], [[], true]]).at(-1)).to.deep.equal([
      "findEnd",
      "Ada Lovelace",
      1,
    ]);
  });

  it("is not before the start of a celebrity's appearance, and is before that of a label", () => {
    expect(observeFrames([[[]], [[], true], [[ada, cup]]])).to.deep.equal([
      ["findStart", "Ada Lovelace", 0],
      ["findStart", "Cup", 1],
    ]);
  });

  it("ends the appearance of a celebrity after ten minutes without knowledge, where it was known", () => {
    const unknown = Array.from({ length: 8 }, () => [[], true] as const);
    expect(observeFrames([[[ada]], ...unknown], 100)).to.deep.equal([
      ["findStart", "Ada Lovelace", undefined],
      ["endUnsearched", "Ada Lovelace", undefined],
    ]);
    // Nor is the start searched so long ago: it is after the last frame, and not exact there.
    expect(observeFrames([[[]], ...unknown, [[ada]]], 100)).to.deep.equal([
      ["findStart", "Ada Lovelace", at(8).frame, true],
    ]);
  });
});

describe("the states of a channel", () => {
  it("hold the labels of the last frames only", () => {
    let state = noLabels;
    for (const [index, frame] of frames.entries())
      ({ state } = observeFrame(state, { frame, labels: [{ name: `Label ${index}`, confidence: 90 }] }, 2));
    expect(state.labels.map(({ label }) => label)).to.deep.equal(["Label 14", "Label 15"]);
  });

  it("take the highest confidence of a label that a frame names twice, and any name", () => {
    const names = ["__proto__", "Cup", "Cup"];
    const labels = names.map((name, index) => ({ name, confidence: 90 - index }));
    expect(observeFrame(noLabels, { frame: at(0), labels }, 2).state.labels).to.deep.equal(
      ["Cup", "__proto__"].map((label) => ({
        label,
        isPresent: true,
        firstPresent: at(0),
        lastPresent: at(0),
        absentCount: 0,
        confidence: label === "Cup" ? 89 : 90,
      })),
    );
  });
});

describe("appearances of random channels", () => {
  it("of one label never overlap, and have an end after their start", () => {
    fc.assert(
      fc.property(channelPlans, (plan) => {
        const appearances = [...new ChannelRun(plan).processAll().appearances.values()];
        for (const label of new Set(appearances.map((appearance) => appearance.label))) {
          const own = appearances
            .filter((appearance) => appearance.label === label)
            .sort((a, b) => compareFrames(a.start, b.start));
          for (const [index, { start, end }] of own.entries()) {
            if (end === undefined) throw new Error("an appearance is open at the end of the channel");
            expect(compareFrames(start, end)).to.be.below(0);
            const next = own[index + 1];
            if (next !== undefined) expect(compareFrames(end, next.start)).to.be.at.most(0);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("cover each frame that the label was found in", () => {
    fc.assert(
      fc.property(channelPlans, (plan) => {
        const run = new ChannelRun(plan).processAll();
        const appearances = [...run.appearances.values()];
        for (const { frame, labels } of run.observations)
          for (const label of labels) {
            const covering = appearances.filter(
              (appearance) =>
                appearance.label === label &&
                compareFrames(appearance.start, frame) <= 0 &&
                appearance.end !== undefined &&
                compareFrames(frame, appearance.end) < 0,
            );
            expect(covering, `${label} at ${frame.segmentId}, ${frame.frame}`).to.have.length(1);
          }
      }),
      { numRuns: 500 },
    );
  });

  it("are the same, with the same ids, after a crash in any segment", () => {
    const crashes = fc.array(fc.tuple(fc.nat(11), fc.nat(9)), { maxLength: 6 });
    fc.assert(
      fc.property(channelPlans, crashes, (plan, points) => {
        const expected = new ChannelRun(plan).processAll();
        const run = new ChannelRun(plan);
        for (const index of plan.segments.keys()) {
          for (const [segment, candidates] of points)
            if (segment === index) run.processSegment(index, candidates);
          run.processSegment(index);
        }
        run.end();
        expect([...run.appearances.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).to.deep.equal(
          [...expected.appearances.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
      }),
      { numRuns: 500 },
    );
  });
});
