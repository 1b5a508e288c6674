import { expect } from "chai";
import { dependsOnBuild } from "../../../pipeline/encoding/capabilities.ts";
import { buildInputArguments } from "../../../pipeline/encoding/input-arguments.ts";
import { computeOriginShift } from "../../../pipeline/encoding/origin-shift.ts";
import { audioOf, buildPlanContext, buildVideoProbe } from "../recipes/plan-context.ts";

const video = buildVideoProbe();
const audio = { ...audioOf(), startSeconds: 1.5 };

const contextOf = (format: string, hasOriginOfReadTracks: boolean) => {
  const context = buildPlanContext({ formats: [format], video, audio });
  return { ...context, capabilities: { ...context.capabilities, hasOriginOfReadTracks } };
};

describe("the shift of a source's origin", () => {
  it("is the start of the first track that is read", () => {
    const context = contextOf("mpegts", true);

    expect(computeOriginShift(context, [audio])).to.equal(1.5);
    expect(computeOriginShift(context, [video, audio, undefined])).to.equal(0);
    expect(computeOriginShift(context, [])).to.equal(0);
  });

  it("is none in other builds and for other demuxers", () => {
    expect(computeOriginShift(contextOf("mpegts", false), [audio])).to.equal(0);
    expect(computeOriginShift(contextOf("mov", true), [audio])).to.equal(0);
  });

  it("is undone by an offset, unless a seek goes beyond it", () => {
    const readOffsets = (fromSeconds: number, leadSeconds = 0) => {
      const seek = { inputArguments: [], fromSeconds, leadSeconds };
      const args = buildInputArguments(["mpegts"], 100, { seek, originShiftSeconds: 1.5 });
      return args.flatMap((argument, index) => (argument === "-itsoffset" ? [args[index + 1]] : []));
    };

    expect(readOffsets(0)).to.deep.equal(["0.000001", "1.500000"]);
    expect(readOffsets(0.5, 4)).to.deep.equal(["0.000001", "-3.000000"]);
    expect(readOffsets(1.5)).to.deep.equal(["0.000001"]);
  });

  it("makes the arguments depend on the build", () => {
    expect(dependsOnBuild({ formats: ["mpegts"], video, audio })).to.equal(true);
    expect(dependsOnBuild({ formats: ["mpegts"], video, audio: audioOf() })).to.equal(false);
    expect(dependsOnBuild({ formats: ["mov"], video, audio })).to.equal(false);
  });
});
