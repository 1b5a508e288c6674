import { expect } from "chai";
import { getAudioSeconds, getMediaSeconds, getVideoSeconds } from "../../../pipeline/media/duration.ts";
import { probeOf, soundOf, videoOf } from "../recipes/plan-context.ts";

describe("the length of a source", () => {
  const probe = probeOf({ video: videoOf({ durationSeconds: 8 }), audio: soundOf({ durationSeconds: 9 }) });

  it("is each stream's own, the longer of both together", () => {
    expect([getVideoSeconds(probe), getAudioSeconds(probe), getMediaSeconds(probe)]).to.deep.equal([8, 9, 9]);
    expect(getMediaSeconds({ ...probe, audio: undefined })).to.equal(8);
    expect(getMediaSeconds({ ...probe, video: undefined })).to.equal(9);
  });

  it("is the file's where a stream does not say, and unknown where neither does", () => {
    expect([
      getVideoSeconds(probeOf()),
      getAudioSeconds(probeOf()),
      getMediaSeconds(probeOf()),
    ]).to.deep.equal([10, 10, 10]);
    expect(getMediaSeconds(probeOf({ durationSeconds: undefined }))).to.equal(undefined);
  });
});
