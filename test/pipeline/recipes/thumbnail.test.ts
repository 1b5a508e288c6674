import { expect } from "chai";
import fc from "fast-check";
import { planThumbnail, resolveMomentSeconds } from "../../../pipeline/recipes/thumbnail.ts";
import { codeOf, contextOf, drive, optionOf, probeOf, videoOf } from "./plan-context.ts";

const at = (seconds: number) => ({ name: "thumbnail", at: { seconds } }) as const;

describe("a thumbnail's moment", () => {
  const length = fc.double({ min: 0.01, max: 20_000, noNaN: true });

  it("lies within the clip, two frames before its end at the latest, and never before its beginning", () => {
    const moment = fc.oneof(
      fc.record({ seconds: fc.double({ min: 0, max: 30_000, noNaN: true }) }),
      fc.record({ percent: fc.double({ min: 0, max: 100, noNaN: true }) }),
    );
    fc.assert(
      fc.property(
        moment,
        length,
        fc.double({ min: 1, max: 120, noNaN: true }),
        (given, seconds, frameRate) => {
          const found = resolveMomentSeconds(
            given,
            probeOf({ durationSeconds: seconds, video: videoOf({ frameRate }) }),
          );
          expect(found).to.be.at.least(0);
          expect(found).to.be.at.most(Math.max(0, seconds - 2 / frameRate));
          if ("seconds" in given) expect(found).to.be.at.most(given.seconds);
        },
      ),
    );
  });

  it("is the one asked for where the clip is long enough", () => {
    expect(resolveMomentSeconds({ seconds: 2 }, probeOf())).to.equal(2);
    expect(resolveMomentSeconds({ percent: 25 }, probeOf())).to.equal(2.5);
  });

  it("goes by the picture's length, not the sound's", () => {
    const probe = probeOf({ durationSeconds: 60, video: videoOf({ durationSeconds: 1 }) });

    expect(resolveMomentSeconds({ seconds: 30 }, probe)).to.equal(0.9);
  });

  it("takes seconds as they are, and per cent as the beginning, where there is no length", () => {
    const probe = probeOf({ durationSeconds: undefined });

    expect(resolveMomentSeconds({ seconds: 7 }, probe)).to.equal(7);
    expect(resolveMomentSeconds({ percent: 50 }, probe)).to.equal(0);
  });

  it("leaves a clip of unknown frame rate 0.1 s", () => {
    expect(
      resolveMomentSeconds({ seconds: 99 }, probeOf({ video: videoOf({ frameRate: undefined }) })),
    ).to.equal(9.9);
  });
});

describe("recipe thumbnail", () => {
  it("seeks before it opens the source, and takes one picture of the shown size", () => {
    const { runs, outputs } = drive(planThumbnail(at(2), contextOf(probeOf())));
    const [run] = runs;

    expect(runs).to.have.length(1);
    expect(run?.arguments.indexOf("-ss")).to.be.lessThan(run?.arguments.indexOf("-i") ?? 0);
    expect([optionOf(run, "-ss"), optionOf(run, "-frames:v"), optionOf(run, "-max_pixels")]).to.deep.equal([
      "2.000",
      "1",
      "8000000",
    ]);
    expect(optionOf(run, "-vf")).to.equal("scale=1920:1080:flags=bicubic,setsar=1,format=rgb24");
    expect(outputs).to.deep.equal([
      {
        path: "/scratch/thumbnail.png",
        key: "out",
        contentType: "image/png",
        isManifest: false,
        expectation: { video: { codec: "png", width: 1920, height: 1080 } },
      },
    ]);
  });

  it("goes back to the keyframe before where there is no frame any more", () => {
    const { runs } = drive(planThumbnail(at(2), contextOf(probeOf())), (_, index) =>
      index === 0 ? { log: "Output file is empty, nothing was encoded" } : {},
    );

    expect(runs.map((run) => run.arguments.includes("-noaccurate_seek"))).to.deep.equal([false, true]);
    expect(runs.map((run) => optionOf(run, "-ss"))).to.deep.equal(["2.000", "2.000"]);
  });

  it("goes back to the beginning of a source that does not say how long it is", () => {
    const { runs } = drive(
      planThumbnail(at(2), contextOf(probeOf({ durationSeconds: undefined }))),
      (_, index) => (index === 0 ? { log: "Output file is empty" } : {}),
    );

    expect(runs.map((run) => optionOf(run, "-ss"))).to.deep.equal(["2.000", undefined]);
  });

  it("ends with 4002 where there is no picture at all, 4000 where the source has none", () => {
    const empty = () => ({ log: "Output file is empty" });

    expect(codeOf(() => drive(planThumbnail(at(2), contextOf(probeOf())), empty))).to.equal(4002);
    expect(codeOf(() => drive(planThumbnail(at(2), contextOf(probeOf({ video: undefined })))))).to.equal(
      4000,
    );
  });

  it("ends with 1000 where it is given no key", () => {
    expect(codeOf(() => drive(planThumbnail(at(2), contextOf(probeOf(), { outputKeys: [] }))))).to.equal(
      1000,
    );
  });
});
