import { expect } from "chai";
import type { ClipRequest } from "../../../pipeline/highlights/clipper.ts";
import { maxRangeSeconds, requestRangeClip } from "../../../pipeline/highlights/range-clip.ts";
import type { ArchivedSegment } from "../../../pipeline/highlights/segment.ts";
import { buildSegment, openStore, segmentSeconds } from "./archive-fixture.ts";

const listSegments = (numbers: readonly number[], timeline = 1) =>
  numbers.map((number) => buildSegment(number, timeline));

/** Requests a clip, and returns the result with the requests that the clipper received. */
const requestClip = async (segments: readonly ArchivedSegment[], fromTime: number, toTime: number) => {
  const requests: ClipRequest[] = [];
  const result = await requestRangeClip(
    {
      store: await openStore(segments),
      clipper: {
        createClip: async (request) => {
          requests.push(request);
          return { kind: "created", jobId: "job" };
        },
      },
    },
    { name: "news", cut: "frame" },
    { fromTime, toTime },
  );
  return { result, requests };
};
const readReason = ({ result }: Awaited<ReturnType<typeof requestClip>>): string =>
  result.kind === "refused" ? result.reason : result.kind;

describe("the clip of a time range", () => {
  const segments = listSegments([0, 1, 2, 3]);

  it("covers exactly the range, from its segments alone, and has the same id each time", async () => {
    const { result, requests } = await requestClip(segments, 1005, 1009.5);
    const repeated = await requestClip(segments, 1005, 1009.5);

    expect(result).to.deep.equal({ kind: "created", jobId: "job" });
    expect(requests).to.deep.equal([
      {
        channel: "news",
        clipId: "range-1005000-1009500",
        segments: segments.slice(1, 3),
        startTime: 1005,
        endTime: 1009.5,
        cut: "frame",
      },
    ]);
    expect(repeated.requests).to.deep.equal(requests);
  });

  it("passes segments of two timelines to the clipper, which decides, and ends with the archive", async () => {
    const discontinuous = [...listSegments([0, 1]), ...listSegments([2, 3], 2)];
    const end = 1000 + 4 * segmentSeconds;
    const { requests } = await requestClip(discontinuous, 1000, end + 0.01);

    expect(requests[0]?.segments.map(({ timeline }) => timeline)).to.deep.equal([1, 1, 2, 2]);
    expect(requests[0]?.endTime).to.equal(end);
  });

  it("is refused with the part that the archive lacks", async () => {
    expect(readReason(await requestClip(segments, 900, 950))).to.include("has no video from");
    expect(readReason(await requestClip(segments, 990, 1005))).to.include(
      "begins at 1970-01-01T00:16:40.000Z",
    );
    expect(readReason(await requestClip(segments, 1005, 1020))).to.include(
      "ends at 1970-01-01T00:16:56.000Z",
    );
    expect(readReason(await requestClip(listSegments([0, 1, 3]), 1001, 1014))).to.include(
      "no video from 1970-01-01T00:16:48.000Z to 1970-01-01T00:16:52.000Z",
    );
    const jumped = { ...buildSegment(2, 2), startTime: 1004 };
    expect(readReason(await requestClip([...listSegments([0, 1]), jumped], 1001, 1007))).to.include(
      "jumped back",
    );
  });

  it("is refused if it is reversed, empty, no number, or too long", async () => {
    for (const [from, to] of [
      [1005, 1004],
      [1005, 1005],
    ] as const)
      expect(readReason(await requestClip(segments, from, to))).to.include("ends before it begins");
    expect(readReason(await requestClip(segments, Number.NaN, 1005))).to.include("needs a start");
    const long = await requestClip(segments, 1000, 1001 + maxRangeSeconds);
    expect(readReason(long)).to.include(`at most ${maxRangeSeconds} s`);
    expect(long.requests).to.deep.equal([]);
  });
});
