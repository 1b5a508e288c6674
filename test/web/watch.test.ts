import { expect } from "chai";
import { compareFacts, findMainOutput } from "../../web/watch/facts.ts";
import { buildTimeline, formatStep } from "../../web/watch/timeline.ts";

const createOutput = (key: string, properties: object = {}) => ({
  key,
  url: `/output/${key}`,
  path: null,
  bytes: 1_000_000,
  durationSeconds: null,
  width: null,
  height: null,
  videoCodec: null,
  audioCodec: null,
  ...properties,
});
const small = createOutput("a/rendition-1.mp4", {
  durationSeconds: 10,
  width: 640,
  height: 360,
  videoCodec: "h264",
});
const large = createOutput("a/rendition-0.mp4", {
  durationSeconds: 10,
  width: 1280,
  height: 720,
  videoCodec: "h264",
  bytes: 2_500_000,
});
const audio = createOutput("a/rendition-2.mp4", { durationSeconds: 10, audioCodec: "aac" });
const poster = createOutput("a/poster.jpg", { width: 4000, height: 3000, videoCodec: "mjpeg" });
const source = { bucket: "input", key: "a.mkv", bytes: 12_500_000 };
const probe = {
  formats: ["matroska"],
  durationSeconds: 10,
  bitRate: 10_000_000,
  video: {
    index: 0,
    codec: "vp9",
    codedWidth: 1920,
    codedHeight: 1080,
    width: 1920,
    height: 1080,
    rotation: 0,
    frameRate: 30_000 / 1001,
    isVariableFrameRate: true,
    pixelFormat: "yuv420p",
    interlaced: false,
  },
  audio: { index: 1, codec: "opus", channels: 2, sampleRate: 48_000 },
} as const;

describe("the comparison of source and output", () => {
  it("takes the output with the largest video, and no image", () => {
    expect(findMainOutput([poster, small, audio, large])).to.equal(large);
    expect(findMainOutput([poster, audio])).to.equal(audio);
    expect(findMainOutput([poster])).to.equal(undefined);
  });

  it("names codec, resolution, frame rate, duration, bit rate and size of both", () => {
    const facts = compareFacts({
      source,
      probe: { ...probe, formats: [...probe.formats] },
      outputs: [small, large, audio],
    });
    expect(facts.map(({ name, source: before, output }) => [name, before, output])).to.deep.equal([
      ["Video codec", "vp9", "h264"],
      ["Resolution", "1920 × 1080", "1280 × 720"],
      ["Frame rate", "29.97 fps, variable", null],
      ["Audio codec", "opus", "aac"],
      ["Duration", "0:10", "0:10"],
      ["Bit rate", "10.0 Mbit/s", "2.0 Mbit/s"],
      ["Size", "12.5 MB", "2.5 MB"],
      ["Size of all 3 files", null, "4.5 MB"],
    ]);
  });

  it("leaves out what neither has, and is empty without a probe or an output", () => {
    const { video: _video, bitRate: _bitRate, ...audioProbe } = probe;
    const names = compareFacts({
      source,
      probe: { ...audioProbe, formats: ["ogg"] },
      outputs: [audio],
    }).map(({ name, source: before }) => [name, before]);
    expect(names).to.deep.equal([
      ["Audio codec", "opus"],
      ["Duration", "0:10"],
      ["Bit rate", "10.0 Mbit/s"],
      ["Size", "12.5 MB"],
    ]);
    expect(compareFacts({ source, probe: null, outputs: [audio] })).to.deep.equal([]);
    expect(compareFacts({ source, probe: { ...probe, formats: [] }, outputs: [poster] })).to.deep.equal([]);
  });
});

describe("the timeline of a job", () => {
  const history = [
    { at: "2026-11-29T12:00:00.000Z", status: "Submitted", attempt: 1, detail: "claimed" },
    { at: "2026-11-29T12:00:02.500Z", status: "Progressing", attempt: 1, detail: "worker started" },
  ] as const;

  it("gives each step the time until the next, and the last one the time until now", () => {
    const nowMs = Date.parse("2026-11-29T12:01:00Z");
    expect(buildTimeline([...history], nowMs).map(({ durationMs }) => durationMs)).to.deep.equal([
      2500, 57_500,
    ]);
  });

  it("ends with the job, and never runs backwards", () => {
    const end = { at: "2026-11-29T12:00:01.000Z", status: "Error", attempt: 1, detail: "failed" } as const;
    expect(buildTimeline([...history, end], undefined).map(({ durationMs }) => durationMs)).to.deep.equal([
      2500,
      0,
      null,
    ]);
    expect(buildTimeline([], 0)).to.deep.equal([]);
  });

  it("writes lengths in the largest units that tell them apart", () => {
    for (const [milliseconds, text] of [
      [-3000, "0.0 s"],
      [0, "0.0 s"],
      [400, "0.4 s"],
      [9940, "9.9 s"],
      [9960, "10 s"],
      [59_400, "59 s"],
      [59_600, "1 min 0 s"],
      [185_000, "3 min 5 s"],
      [3_599_600, "1 h 0 min"],
      [7_830_000, "2 h 11 min"],
    ] as const)
      expect(formatStep(milliseconds), String(milliseconds)).to.equal(text);
  });
});
