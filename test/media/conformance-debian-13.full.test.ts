import { expect } from "chai";
import { debian13Programs, unpackDebian13 } from "./debian-13.ts";
import { allInputs } from "./inputs/all-inputs.ts";
import { describeConformance } from "./suite/describe-conformance.ts";

before(async function () {
  this.timeout(600_000);
  await unpackDebian13();
});

describe("ffmpeg of Debian 13", () => {
  it("is a release with the differences from 5.1 that the pipeline knows", async () => {
    const { version, hasOriginOfReadTracks, hasLuminanceOotf } = await debian13Programs().capabilities();

    expect(version).to.match(/^7\./);
    expect([hasOriginOfReadTracks, hasLuminanceOotf]).to.deep.equal([true, true]);
  });
});

describeConformance([debian13Programs()], allInputs);
