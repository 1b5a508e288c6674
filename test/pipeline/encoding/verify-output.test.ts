import { expect } from "chai";
import { computeDurationToleranceSeconds, verifyOutput } from "../../../pipeline/encoding/verify-output.ts";
import { checkSource } from "../../../pipeline/recipes/check-source.ts";
import { buildProbe, buildVideoProbe, catchCode } from "../recipes/plan-context.ts";

describe("an output", () => {
  const probe = buildProbe();

  it("is accepted without problems", () => {
    const expected = {
      durationSeconds: 10.1,
      video: { codec: "h264", width: 1920, height: 1080 },
      audio: { codec: "aac" },
    };

    expect(verifyOutput(expected, probe, 1)).to.deep.equal([]);
    expect(verifyOutput({}, probe, 1)).to.deep.equal([]);
    expect(verifyOutput({ video: {}, audio: {} }, probe, 1)).to.deep.equal([]);
  });

  it("may differ by 2 % in duration, or by a quarter second if that is more", () => {
    expect([
      computeDurationToleranceSeconds(1),
      computeDurationToleranceSeconds(12.5),
      computeDurationToleranceSeconds(100),
    ]).to.deep.equal([0.25, 0.25, 2]);
    expect(verifyOutput({ durationSeconds: 10.25 }, probe, 1)).to.deep.equal([]);
    expect(verifyOutput({ durationSeconds: 10.26 }, probe, 1)).to.deep.equal([
      "is 10.00 s long, expected 10.26 s",
    ]);
    expect(verifyOutput({ durationSeconds: 3 }, buildProbe({ durationSeconds: undefined }), 1)).to.deep.equal(
      ["has no duration, expected 3.00 s"],
    );
  });

  it("reports every problem", () => {
    const expected = { video: { codec: "vp9", width: 640, height: 360 }, audio: { codec: "opus" } };

    expect(verifyOutput(expected, probe, 0)).to.deep.equal([
      "is empty",
      "has video codec h264, expected vp9",
      "is 1920 pixels wide, expected 640",
      "is 1080 pixels high, expected 360",
      "has audio codec aac, expected opus",
    ]);
  });

  it("must have the expected streams and no others", () => {
    const noStreams = buildProbe({ video: undefined, audio: undefined });

    expect(verifyOutput({ video: "none", audio: "none" }, probe, 1)).to.deep.equal([
      "has video, expected none",
      "has audio, expected none",
    ]);
    expect(verifyOutput({ video: {}, audio: {} }, noStreams, 1)).to.deep.equal([
      "has no video",
      "has no audio",
    ]);
    expect(verifyOutput({ video: "none", audio: "none" }, noStreams, 1)).to.deep.equal([]);
  });
});

describe("a source", () => {
  const limits = { maxSourceMinutes: 1, maxVideoPixels: 1920 * 1080, maxImagePixels: 100 };
  const image = { name: "image", maxWidth: 1, maxHeight: 1, quality: 1 } as const;
  const audio = { name: "audio", bitRateKbps: 1, loudnessLufs: -16 } as const;
  const clip = { name: "clip", start: { seconds: 0 }, durationSeconds: 1 } as const;
  const thumbnail = { name: "thumbnail", at: { seconds: 0 } } as const;
  const check = (recipe: Parameters<typeof checkSource>[1], more: Parameters<typeof buildProbe>[0] = {}) =>
    catchCode(() => checkSource("a.mp4", recipe, buildProbe(more), limits));

  it("is accepted with the required streams and within the limits", () => {
    expect(check(clip)).to.equal(undefined);
    expect(check(clip, { video: undefined })).to.equal(undefined);
    expect(check(audio, { video: undefined, durationSeconds: 60 })).to.equal(undefined);
    expect(check(clip, { durationSeconds: undefined })).to.equal(undefined);
  });

  it("fails with 4000 if it is Dolby Vision without a base layer and its video is used", () => {
    const dolbyVision = (profile: number, compatibilityId: number) => ({
      video: buildVideoProbe({ dolbyVision: { profile, compatibilityId } }),
    });
    expect(check(thumbnail, dolbyVision(5, 0))).to.equal(4000);
    expect(check(audio, dolbyVision(5, 0))).to.equal(undefined);
    expect(check(thumbnail, dolbyVision(8, 1))).to.equal(undefined);
  });

  it("fails with 4000 if it lacks a stream", () => {
    expect(check(clip, { video: undefined, audio: undefined })).to.equal(4000);
    expect(check(thumbnail, { video: undefined })).to.equal(4000);
    expect(check(audio, { audio: undefined })).to.equal(4000);
  });

  it("fails with 4001 above the pixel limit and 4005 above the minutes limit", () => {
    expect(check(clip, { video: buildVideoProbe({ codedWidth: 1921 }) })).to.equal(4001);
    expect(check(image, { video: buildVideoProbe({ codedWidth: 11, codedHeight: 10 }) })).to.equal(4001);
    expect(check(clip, { durationSeconds: 60.1 })).to.equal(4005);
  });
});
