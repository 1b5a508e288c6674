import { expect } from "chai";
import fc from "fast-check";
import type { Appearance } from "../../../pipeline/highlights/appearance.ts";
import { buildAppearanceId, mergeAppearances } from "../../../pipeline/highlights/appearances.ts";
import { compareFrames, getSegmentEnd } from "../../../pipeline/highlights/frame-order.ts";
import { buildSegment, buildSegments, ChannelRun, channelPlans, listFrames } from "./channel-fixtures.ts";

const frames = listFrames(buildSegments([50, 50]));
const at = (index: number) => {
  const frame = frames[index];
  if (frame === undefined) throw new Error(`no frame ${index}`);
  return frame;
};
const build = (start: number, end: number | undefined, changes: Partial<Appearance> = {}): Appearance => ({
  id: buildAppearanceId(changes.label ?? "Cup", at(start)),
  channel: "news",
  label: "Cup",
  status: end === undefined ? "open" : "closed",
  start: at(start),
  ...(end === undefined ? {} : { end: at(end) }),
  confidence: 80,
  ...changes,
});

describe("the id of an appearance", () => {
  it("names the first frame that the label was found in", () => {
    expect(buildAppearanceId("Person", at(51))).to.equal("0000-0000000001-1-Person");
  });

  it("fits URLs and differs between labels", () => {
    expect(buildAppearanceId("Café & Bar_1", at(0))).to.equal("0000-0000000000-0-Caf_c3_a9_20_26_20Bar_5f1");
    const labels = fc.string({ unit: "grapheme", maxLength: 20 });
    fc.assert(
      fc.property(labels, labels, (first, second) => {
        const id = buildAppearanceId(first, at(0));
        expect(id).to.equal(encodeURIComponent(id));
        expect(id === buildAppearanceId(second, at(0))).to.equal(first === second);
      }),
    );
  });
});

describe("appearances of one label", () => {
  it("merge if they overlap or touch, and keep the first id", () => {
    const [first, second, third] = [build(0, 10), build(5, 20, { confidence: 90 }), build(20, 30)];
    expect(mergeAppearances([third, first, second])).to.deep.equal({
      appearances: [{ ...first, end: at(30), confidence: 90 }],
      mergedInto: { [second.id]: first.id, [third.id]: first.id },
    });
  });

  it("are exact where the edges that they keep are", () => {
    const before = build(0, 10, { inexactEdges: ["start", "end"] });
    for (const [inexactEdges, expected] of [
      [undefined, ["start"]],
      [["start"], ["start"]],
      [["end"], ["start", "end"]],
    ] as const) {
      const after = build(10, 20, inexactEdges && { inexactEdges });
      const [merged] = mergeAppearances([before, after]).appearances;
      expect(merged?.inexactEdges).to.deep.equal(expected);
    }
    const [exact] = mergeAppearances([build(0, 10, { inexactEdges: ["end"] }), build(10, 20)]).appearances;
    expect(exact).to.not.have.property("inexactEdges");
  });

  it("stay apart if absent frames are between them, or their labels differ", () => {
    const list = [build(0, 10), build(13, 20), build(5, 20, { label: "Person" })];
    const { appearances, mergedInto } = mergeAppearances(list);
    expect(appearances).to.have.deep.members(list);
    expect(mergedInto).to.deep.equal({});
  });

  it("touch across a gap between segments whose times continue", () => {
    const [before, after] = [buildSegment(3, 100, 50), buildSegment(9, 102.02, 50, 1)];
    const list = [
      { ...build(0, undefined), start: listFrames([before])[7] ?? at(0), end: getSegmentEnd(before) },
      { ...build(1, undefined), start: listFrames([after])[0] ?? at(0) },
    ];
    const { appearances } = mergeAppearances(list);
    expect(appearances).to.have.length(1);
    expect(appearances[0]?.status).to.equal("open");
    expect(appearances[0]?.end).to.equal(undefined);
  });

  it("stay apart if the clock jumps back between them", () => {
    const [before, after] = [buildSegment(3, 5000, 50), buildSegment(4, 1400, 50, 1)];
    const list = [
      { ...build(0, 1), start: listFrames([before])[7] ?? at(0), end: getSegmentEnd(before) },
      { ...build(1, 2), start: listFrames([after])[0] ?? at(0), end: getSegmentEnd(after) },
    ];
    expect(mergeAppearances(list)).to.deep.equal({ appearances: list, mergedInto: {} });
  });

  it("merge if another variant begins before the end of the one before", () => {
    const [before, after] = [buildSegment(3, 5000, 50), buildSegment(4, 5001.2, 50, 1)];
    const list = [
      { ...build(0, 1), start: listFrames([before])[7] ?? at(0), end: getSegmentEnd(before) },
      { ...build(1, 2), start: listFrames([after])[0] ?? at(0), end: getSegmentEnd(after) },
    ];
    expect(mergeAppearances(list).appearances).to.have.length(1);
  });

  it("of one id are one appearance, which stays closed", () => {
    const [open, closed] = [build(3, undefined), build(3, 9, { clipJobId: "job" })];
    for (const list of [
      [open, closed],
      [closed, open],
    ])
      expect(mergeAppearances(list)).to.deep.equal({ appearances: [closed], mergedInto: {} });
  });

  it("keep an image and a clip", () => {
    const list = [build(0, 10), build(10, 20, { imageKey: "a.jpg", clipJobId: "job" })];
    expect(mergeAppearances(list).appearances[0]).to.deep.include({ imageKey: "a.jpg", clipJobId: "job" });
  });

  it("neither overlap nor touch after the merge, in any order of the list, and merge to themselves", () => {
    const lists = fc.uniqueArray(
      fc.tuple(fc.nat(90), fc.integer({ min: 1, max: 12 }), fc.constantFrom("Cup", "Person")),
      { selector: ([start, , label]) => `${start} ${label}` },
    );
    fc.assert(
      fc.property(lists, fc.nat(), (list, shift) => {
        const appearances = list.map(([start, length, label]) =>
          build(start, Math.min(99, start + length), { label }),
        );
        const { appearances: merged } = mergeAppearances(appearances);
        const rotated = [...appearances.slice(shift % 7), ...appearances.slice(0, shift % 7)];
        expect(mergeAppearances(rotated).appearances).to.deep.equal(merged);
        expect(mergeAppearances(merged).appearances).to.deep.equal(merged);
        const isCovered = (all: readonly Appearance[], index: number, label: string) =>
          all.some(
            (one) =>
              one.label === label &&
              compareFrames(one.start, at(index)) <= 0 &&
              one.end !== undefined &&
              compareFrames(at(index), one.end) < 0,
          );
        for (const label of ["Cup", "Person"]) {
          const own = merged.filter((one) => one.label === label);
          for (const [index, { start }] of own.entries()) {
            const end = own[index - 1]?.end;
            if (end !== undefined) expect(compareFrames(end, start)).to.be.below(0);
          }
          for (let index = 0; index < 100; index += 1)
            if (isCovered(appearances, index, label)) expect(isCovered(merged, index, label)).to.equal(true);
        }
      }),
    );
  });

  it("of random channels cover the same after the merge", () => {
    fc.assert(
      fc.property(channelPlans, (plan) => {
        const run = new ChannelRun(plan).processAll();
        const { appearances, mergedInto } = mergeAppearances([...run.appearances.values()]);
        expect(appearances.length + Object.keys(mergedInto).length).to.equal(run.appearances.size);
        for (const [id, target] of Object.entries(mergedInto)) {
          const [part, whole] = [run.appearances.get(id), appearances.find((one) => one.id === target)];
          if (part?.end === undefined || whole?.end === undefined)
            throw new Error(`${id} or ${target} is missing`);
          expect(compareFrames(whole.start, part.start)).to.be.at.most(0);
          expect(compareFrames(part.end, whole.end)).to.be.at.most(0);
        }
      }),
    );
  });
});
