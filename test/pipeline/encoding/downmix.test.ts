import { expect } from "chai";
import { buildDownmixFilters } from "../../../pipeline/encoding/downmix.ts";
import { audioOf } from "../recipes/plan-context.ts";

const buildPan = (channels: number, channelLayout: string | undefined, target: 1 | 2 = 2) =>
  buildDownmixFilters(audioOf({ channels, channelLayout }), target).at(-1);

describe("a downmix", () => {
  it("mixes named channels with the coefficients of BT.775, and without LFE", () => {
    for (const layout of ["stereo", "3.0", "4.0", "quad", "5.1", "5.1(side)", "7.1(wide)", "7.1.4"])
      expect(buildPan(6, layout), layout).to.match(
        /^pan=stereo\|c0=FL\+.*0\.7071\*FC\+0\.7071\*BL\+0\.7071\*SL.*0\.5\*BC\|c1=FR\+.*0\.7071\*FC\+0\.7071\*BR/,
      );
    expect(buildPan(6, "5.1")).not.to.include("LFE");
  });

  it("puts mono into both channels at full level", () => {
    expect(buildPan(1, "mono")).to.match(/c0=FL\+.*\+FC\+.*\|c1=FR\+.*\+FC\+/);
    expect(buildPan(1, undefined)).to.equal("pan=stereo|c0=c0|c1=c0");
    expect(buildPan(1, "1 channels (FL)")).to.equal("pan=stereo|c0=c0|c1=c0");
    expect(buildPan(4, "ambisonic 1")).to.equal("pan=stereo|c0=c0|c1=c0");
  });

  it("takes the usual order if only the number of channels is known", () => {
    expect(buildPan(6, undefined)).to.equal("pan=stereo|c0=c0+0.7071*c2+0.7071*c4|c1=c1+0.7071*c2+0.7071*c5");
    expect(buildPan(10, undefined)).to.equal(
      `pan=stereo|c0=${[0, 2, 4, 6, 8].map((index) => `0.7071*c${index}`).join("+")}|c1=${[1, 3, 5, 7, 9].map((index) => `0.7071*c${index}`).join("+")}`,
    );
  });

  it("averages left and right for mono", () => {
    expect(buildPan(2, undefined, 1)).to.equal("pan=mono|c0=0.5*c0+0.5*c1");
    expect(buildPan(6, undefined, 1)).to.equal("pan=mono|c0=0.5*c0+0.7071*c2+0.3535*c4+0.5*c1+0.3535*c5");
    expect(buildPan(1, undefined, 1)).to.equal("pan=mono|c0=c0");
  });
});
