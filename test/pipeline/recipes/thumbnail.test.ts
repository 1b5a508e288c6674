import { expect } from "chai";
import fc from "fast-check";
import { buildVideoFilters } from "../../../pipeline/encoding/color-filters.ts";
import { buildFrameFilters } from "../../../pipeline/encoding/frame-filters.ts";
import { planThumbnail, resolveMomentSeconds } from "../../../pipeline/recipes/thumbnail.ts";
import {
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getOption,
  runPlan,
} from "./plan-context.ts";

const buildThumbnailOptions = (seconds: number) => ({ name: "thumbnail", at: { seconds } }) as const;

describe("the moment of a thumbnail", () => {
  const length = fc.double({ min: 0.01, max: 20_000, noNaN: true });

  it("is within the video", () => {
    const moment = fc.oneof(
      fc.record({ seconds: fc.double({ min: 0, max: 30_000, noNaN: true }) }),
      fc.record({ percent: fc.double({ min: 0, max: 100, noNaN: true }) }),
    );
    fc.assert(
      fc.property(moment, length, (chosenMoment, seconds) => {
        const momentSeconds = resolveMomentSeconds(chosenMoment, buildProbe({ durationSeconds: seconds }));
        expect(momentSeconds).to.be.at.least(0);
        expect(momentSeconds).to.be.at.most(seconds);
        if ("seconds" in chosenMoment) expect(momentSeconds).to.be.at.most(chosenMoment.seconds);
      }),
    );
  });

  it("is the requested one if the clip is long enough", () => {
    expect(resolveMomentSeconds({ seconds: 2 }, buildProbe())).to.equal(2);
    expect(resolveMomentSeconds({ percent: 25 }, buildProbe())).to.equal(2.5);
  });

  it("uses the video's duration, not the audio's", () => {
    const probe = buildProbe({ durationSeconds: 60, video: buildVideoProbe({ durationSeconds: 1 }) });

    expect(resolveMomentSeconds({ seconds: 30 }, probe)).to.equal(1);
  });

  it("uses seconds as given, and the start for percentages of an unknown duration", () => {
    const probe = buildProbe({ durationSeconds: undefined });

    expect(resolveMomentSeconds({ seconds: 7 }, probe)).to.equal(7);
    expect(resolveMomentSeconds({ percent: 50 }, probe)).to.equal(0);
  });
});

describe("recipe thumbnail", () => {
  it("seeks before it opens the source, and extracts one image of the display size", () => {
    const { runs, outputs } = runPlan(
      planThumbnail(buildThumbnailOptions(2), buildPlanContext(buildProbe())),
    );
    const [run] = runs;

    expect(runs).to.have.length(1);
    expect(run?.arguments.indexOf("-ss")).to.be.lessThan(run?.arguments.indexOf("-i") ?? 0);
    expect([getOption(run, "-ss"), getOption(run, "-frames:v"), getOption(run, "-max_pixels")]).to.deep.equal(
      ["2.000", "1", "8000000"],
    );
    expect(getOption(run, "-vf")).to.equal(
      [
        ...buildFrameFilters(buildVideoProbe()),
        "setpts=PTS-0.001/TB",
        "fps=1:start_time=0:round=up",
        ...buildVideoFilters(buildVideoProbe(), { width: 1920, height: 1080 }, "png", {
          hasLuminanceOotf: true,
        }).slice(buildFrameFilters(buildVideoProbe()).length),
      ].join(),
    );
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

  it("falls back to the last frame after it", () => {
    const { runs } = runPlan(
      planThumbnail(buildThumbnailOptions(2), buildPlanContext(buildProbe())),
      (_, index) => (index === 0 ? { log: "Output file is empty, nothing was encoded" } : {}),
    );

    expect(runs.map((run) => getOption(run, "-vf")?.includes("eof_action=pass"))).to.deep.equal([
      false,
      true,
    ]);
    expect(runs.map((run) => getOption(run, "-ss"))).to.deep.equal(["2.000", "2.000"]);
  });

  it("falls back to the start of a source of unknown duration", () => {
    const { runs } = runPlan(
      planThumbnail(buildThumbnailOptions(2), buildPlanContext(buildProbe({ durationSeconds: undefined }))),
      (_, index) => (index === 0 ? { log: "Output file is empty" } : {}),
    );

    expect(runs.map((run) => getOption(run, "-ss"))).to.deep.equal(["2.000", undefined]);
  });

  it("ends with 4002 if no frame can be decoded, and 4000 without video", () => {
    const empty = () => ({ log: "Output file is empty" });

    expect(
      catchCode(() =>
        runPlan(planThumbnail(buildThumbnailOptions(2), buildPlanContext(buildProbe())), empty),
      ),
    ).to.equal(4002);
    expect(
      catchCode(() =>
        runPlan(planThumbnail(buildThumbnailOptions(2), buildPlanContext(buildProbe({ video: undefined })))),
      ),
    ).to.equal(4000);
  });

  it("ends with 1000 without a key", () => {
    expect(
      catchCode(() =>
        runPlan(planThumbnail(buildThumbnailOptions(2), buildPlanContext(buildProbe(), { outputKeys: [] }))),
      ),
    ).to.equal(1000);
  });
});
