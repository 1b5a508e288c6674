import { expect } from "chai";
import fc from "fast-check";
import {
  beginEdgeSearch,
  type EdgeSearchRange,
  nextEdgeSearchStep,
  resumeEdgeSearch,
} from "../../../pipeline/highlights/edge-search.ts";
import { compareFrames, getSegmentEnd } from "../../../pipeline/highlights/frame-order.ts";
import type { FrameReference } from "../../../pipeline/highlights/segment.ts";
import { buildSegment, buildSegments, listFrames, searchEdge } from "./channel-fixtures.ts";

const isBefore = (frame: FrameReference, other: FrameReference): boolean => compareFrames(frame, other) < 0;

/** A detector that sees the label from a frame on, or until before it. */
const detectFrom = (edge: "start" | "end", truth: FrameReference) => (frame: FrameReference) =>
  isBefore(frame, truth) === (edge === "start") ? ("absent" as const) : ("present" as const);

const segments = buildSegments([50, 50, 50]);
const frames = listFrames(segments);
const at = (index: number): FrameReference => {
  const frame = frames[index];
  if (frame === undefined) throw new Error(`no frame ${index}`);
  return frame;
};
const last = segments[2];
if (last === undefined) throw new Error("no segment");

describe("the search of an edge", () => {
  for (const edge of ["start", "end"] as const) {
    it(`finds each ${edge} between two frames of one segment or of several`, () => {
      const range: EdgeSearchRange = { edge, before: at(20), after: at(120), segments };
      for (let truth = 21; truth <= 120; truth += 1) {
        const result = searchEdge(range, detectFrom(edge, at(truth)));
        expect(result.frame).to.deep.equal(at(truth));
        expect(result.isExact).to.equal(true);
        expect(result.detections).to.be.at.most(7);
      }
    });
  }

  it("tries the frames around the strongest cut first", () => {
    const cuts = [
      { frame: at(30), score: 0.3 },
      { frame: at(77), score: 0.9 },
      { frame: at(10), score: 1 },
      { frame: at(60), score: 0.5 },
    ];
    const range: EdgeSearchRange = { edge: "start", before: at(20), after: at(120), segments, cuts };
    const first = searchEdge(range, detectFrom("start", at(77)));
    expect([first.frame, first.probes]).to.deep.equal([at(77), [at(76), at(77)]]);
    const second = searchEdge(range, detectFrom("start", at(60)));
    expect([second.frame, second.probes]).to.deep.equal([at(60), [at(76), at(59), at(60)]]);
    const none = searchEdge(range, detectFrom("start", at(90)));
    expect(none.probes.slice(0, 3)).to.deep.equal([at(76), at(77), at(98)]);
    expect(none.frame).to.deep.equal(at(90));
  });

  it("needs one detection if the label appears at a cut that is the frame after the edge", () => {
    const cuts = [{ frame: at(120), score: 0.9 }];
    const range: EdgeSearchRange = { edge: "start", before: at(20), after: at(120), segments, cuts };
    expect(searchEdge(range, detectFrom("start", at(120))).probes).to.deep.equal([at(119)]);
  });

  it("needs no detection between neighbors", () => {
    const range: EdgeSearchRange = { edge: "end", before: at(49), after: at(50), segments };
    const search = beginEdgeSearch(range);
    expect(nextEdgeSearchStep(range, search)).to.deep.equal({
      kind: "found",
      frame: at(50),
      isExact: true,
      detections: 0,
    });
    expect(() => resumeEdgeSearch(range, search, "absent")).to.throw(RangeError, /complete/);
  });

  it("ends at the end of a segment, after one detection if the last frame has the label", () => {
    const end = getSegmentEnd(last);
    const range: EdgeSearchRange = { edge: "end", before: at(101), after: end, segments };
    const result = searchEdge(range, () => "present");
    expect([result.frame, result.probes, result.isExact]).to.deep.equal([end, [at(149)], true]);
    expect(searchEdge(range, detectFrom("end", at(140))).frame).to.deep.equal(at(140));
  });

  it("does not continue beyond the end of a segment before a gap", () => {
    const first = segments[0] ?? last;
    const range: EdgeSearchRange = { edge: "end", before: at(40), after: getSegmentEnd(first), segments };
    const result = searchEdge(range, () => "present");
    expect(result.frame).to.deep.equal(getSegmentEnd(first));
    expect(result.probes.map(({ segmentId }) => segmentId)).to.deep.equal([first.id]);
  });

  it("begins with the first archived frame if the frame before the edge is unknown or no longer archived", () => {
    for (const before of [undefined, { segmentId: "0000-", frame: 3, time: 0 }]) {
      const range: EdgeSearchRange = { edge: "start", ...(before && { before }), after: at(100), segments };
      const whole = searchEdge(range, () => "present");
      expect([whole.frame, whole.probes]).to.deep.equal([at(0), [at(0)]]);
      expect(searchEdge(range, detectFrom("start", at(33))).frame).to.deep.equal(at(33));
    }
  });

  it("does not begin before a gap", () => {
    const before = getSegmentEnd(segments[0] ?? last);
    const range: EdgeSearchRange = { edge: "start", before, after: at(100), segments };
    const result = searchEdge(range, () => "present");
    expect([result.frame, result.probes]).to.deep.equal([at(50), [at(50)]]);
  });

  it("passes over segments that are missing", () => {
    const sparse = [buildSegment(1, 100, 5), buildSegment(7, 300, 5, 2)];
    const list = listFrames(sparse);
    for (const truth of list.slice(1)) {
      const [before, after] = [list[0], list[9]];
      if (before === undefined || after === undefined) throw new Error("no frames");
      const result = searchEdge(
        { edge: "start", before, after, segments: sparse },
        detectFrom("start", truth),
      );
      expect([result.frame, result.isExact]).to.deep.equal([truth, true]);
    }
  });

  it("is not exact beside a segment without frames, and exact elsewhere", () => {
    const sparse = [buildSegment(1, 100, 5), buildSegment(4, 200, 0), buildSegment(7, 300, 5)];
    const list = listFrames(sparse);
    for (const edge of ["start", "end"] as const) {
      const results = list.slice(1).map((truth) => {
        const range = { edge, before: list[0] ?? truth, after: list[9] ?? truth, segments: sparse };
        const { frame, isExact } = searchEdge(range, detectFrom(edge, truth));
        expect(frame).to.deep.equal(truth);
        return isExact;
      });
      expect(results).to.deep.equal([true, true, true, true, false, true, true, true, true]);
    }
  });

  it("is not exact at the end of a segment without frames", () => {
    const undecoded = buildSegment(4, 200, 0);
    const range = { before: at(149), after: getSegmentEnd(undecoded), segments: [last, undecoded] };
    expect(searchEdge({ ...range, edge: "end" }, () => "present")).to.deep.include({
      frame: getSegmentEnd(undecoded),
      isExact: false,
    });
  });

  it("is not exact at a bound on whose other side nothing is searched, and exact elsewhere", () => {
    const middle = segments[1] ?? last;
    const cutOff = (segment: typeof last) => ({ ...getSegmentEnd(segment), isCutOff: true }) as const;
    const start = { edge: "start", before: cutOff(segments[0] ?? last), after: at(120), segments } as const;
    const end = { edge: "end", before: at(60), after: cutOff(middle), segments } as const;
    const search = (range: EdgeSearchRange, truth: FrameReference) => {
      const { frame, isExact } = searchEdge(range, detectFrom(range.edge, truth));
      return [frame, isExact];
    };

    expect(search(start, at(50))).to.deep.equal([at(50), false]);
    expect(search(start, at(51))).to.deep.equal([at(51), true]);
    expect(search({ ...start, after: at(50) }, at(50))).to.deep.equal([at(50), false]);
    // The bound's mark does not become a part of the appearance.
    expect(search(end, at(100))).to.deep.equal([getSegmentEnd(middle), false]);
    expect(search(end, at(99))).to.deep.equal([at(99), true]);
  });

  it("tries a neighbor if a frame cannot be detected", () => {
    const range: EdgeSearchRange = { edge: "start", before: at(0), after: at(100), segments };
    const detect = detectFrom("start", at(70));
    const result = searchEdge(range, (frame) =>
      compareFrames(frame, at(50)) === 0 ? "unknown" : detect(frame),
    );
    expect(result.probes.slice(0, 2)).to.deep.equal([at(50), at(51)]);
    expect([result.frame, result.isExact]).to.deep.equal([at(70), true]);
  });

  it("returns the best frame if those around the edge cannot be detected", () => {
    const range: EdgeSearchRange = { edge: "end", before: at(0), after: at(100), segments };
    const detect = detectFrom("end", at(70));
    const result = searchEdge(range, (frame) =>
      isBefore(at(67), frame) && isBefore(frame, at(73)) ? "unknown" : detect(frame),
    );
    expect(result.isExact).to.equal(false);
    expect(isBefore(at(69), result.frame)).to.equal(true);
    expect(isBefore(result.frame, at(101))).to.equal(true);
  });

  it("ends after eight frames without an answer", () => {
    const range: EdgeSearchRange = { edge: "end", before: at(0), after: at(100), segments };
    const result = searchEdge(range, () => "unknown");
    expect([result.frame, result.isExact, result.detections]).to.deep.equal([at(100), false, 0]);
    expect(result.probes).to.have.length(8);
  });

  it("equals brute force if the answers change once, within its number of detections", () => {
    const input = fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 8 }),
      edge: fc.constantFrom("start" as const, "end" as const),
      bounds: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
      isEndOfSegment: fc.boolean(),
      hasBefore: fc.boolean(),
      cuts: fc.array(fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(input, ({ sizes, edge, bounds, isEndOfSegment, hasBefore, cuts }) => {
        const all = buildSegments(sizes);
        const end = getSegmentEnd(all.at(-1) ?? last);
        const list = [...listFrames(all), end];
        fc.pre(list.length >= 3);
        const low = hasBefore ? bounds[0] % (list.length - 2) : -1;
        const high = isEndOfSegment ? list.length - 1 : low + 1 + (bounds[1] % (list.length - 2 - low));
        const truth = low + 1 + (bounds[2] % (high - low));
        const [before, after, expected] = [list[low], list[high], list[truth]];
        if (after === undefined || expected === undefined) throw new Error("no frame");
        const sceneCuts = cuts.flatMap(([index, score]) => {
          const frame = list[index % (list.length - 1)];
          return frame === undefined ? [] : [{ frame, score }];
        });
        const range = { edge, ...(before && { before }), after, segments: all, cuts: sceneCuts };
        const result = searchEdge(range, detectFrom(edge, expected));
        const previous = list[truth - 1];
        const isBesideUndecoded = all.some(
          ({ id, frameTimes }) =>
            frameTimes.length === 0 &&
            id <= expected.segmentId &&
            (previous === undefined || id > previous.segmentId),
        );

        expect(result.frame).to.deep.equal(expected);
        expect(result.isExact).to.equal(!isBesideUndecoded);
        expect(result.detections).to.be.at.most(result.maxDetections);
        expect(result.maxDetections).to.be.at.most(Math.ceil(Math.log2(high - low)) + 4);
        expect(new Set(result.probes.map(({ segmentId, frame }) => `${segmentId} ${frame}`)).size).to.equal(
          result.probes.length,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("stays between its frames and within its number of detections for any answers", () => {
    const answers = fc.array(fc.constantFrom("present" as const, "absent" as const, "unknown" as const), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(answers, fc.constantFrom("start" as const, "end" as const), (list, edge) => {
        const remaining = [...list];
        const cuts = [40, 80].map((index) => ({ frame: at(index), score: index / 100 }));
        const range: EdgeSearchRange = { edge, before: at(10), after: at(110), segments, cuts };
        const { frame, probes, detections } = searchEdge(range, () => remaining.shift() ?? "unknown");
        expect(detections).to.be.at.most(7 + 4);
        expect(probes.length - detections).to.be.at.most(8);
        for (const one of [frame, ...probes])
          expect(isBefore(at(10), one) && !isBefore(at(110), one)).to.equal(true);
      }),
    );
  });
});
