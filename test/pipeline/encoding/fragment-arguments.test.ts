import { expect } from "chai";
import { buildCmafArguments, buildFragmentArguments } from "../../../pipeline/encoding/fragment-arguments.ts";

describe("the arguments of a file in fragments", () => {
  const plain = { hasIndex: false, hasSignedOffsets: false };

  it("end a fragment of video at the keyframe of a segment", () => {
    expect(buildFragmentArguments({ ...plain, hasVideo: true, segmentSeconds: 4 })).to.deep.equal([
      "-movflags",
      "+delay_moov+default_base_moof+frag_keyframe+write_colr",
      "-min_frag_duration",
      "3500000",
    ]);
    expect(buildFragmentArguments({ ...plain, hasVideo: true }).slice(2)).to.deep.equal([
      "-min_frag_duration",
      "0",
    ]);
  });

  it("end a fragment of audio after a time", () => {
    expect(buildFragmentArguments({ ...plain, hasVideo: false, segmentSeconds: 6 })).to.deep.equal([
      "-movflags",
      "+delay_moov+default_base_moof",
      "-frag_duration",
      "6000000",
    ]);
    expect(buildFragmentArguments({ ...plain, hasVideo: false }).at(-1)).to.equal("2000000");
  });

  it("write a CMAF track with an index and decode times from 0", () => {
    expect(buildCmafArguments("video", 4)).to.deep.equal([
      "-movflags",
      "+dash+global_sidx+delay_moov+default_base_moof+negative_cts_offsets+frag_keyframe+write_colr",
      "-min_frag_duration",
      "3500000",
      "-f",
      "mp4",
    ]);
    expect(buildCmafArguments("audio", 4).slice(0, 4)).to.deep.equal([
      "-movflags",
      "+dash+global_sidx+delay_moov+default_base_moof+negative_cts_offsets",
      "-frag_duration",
      "4000000",
    ]);
  });
});
