import { expect } from "chai";
import { getAudioSeconds, getMediaSeconds, getVideoSeconds } from "../../../pipeline/media/duration.ts";
import { audioOf, buildProbe, buildVideoProbe } from "../recipes/plan-context.ts";

describe("the duration of a source", () => {
  const probe = buildProbe({
    video: buildVideoProbe({ durationSeconds: 8 }),
    audio: audioOf({ durationSeconds: 9 }),
  });

  it("is each stream's own, and the longer of both", () => {
    expect([getVideoSeconds(probe), getAudioSeconds(probe), getMediaSeconds(probe)]).to.deep.equal([8, 9, 9]);
    expect(getMediaSeconds({ ...probe, audio: undefined })).to.equal(8);
    expect(getMediaSeconds({ ...probe, video: undefined })).to.equal(9);
  });

  it("is the file's if a stream declares none, and undefined if neither does", () => {
    expect([
      getVideoSeconds(buildProbe()),
      getAudioSeconds(buildProbe()),
      getMediaSeconds(buildProbe()),
    ]).to.deep.equal([10, 10, 10]);
    expect(getMediaSeconds(buildProbe({ durationSeconds: undefined }))).to.equal(undefined);
  });
});
