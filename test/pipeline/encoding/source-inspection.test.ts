import { expect } from "chai";
import {
  type Inspection,
  inspectDuration,
  inspectSource,
} from "../../../pipeline/encoding/source-inspection.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { audioOf, buildProbe, buildVideoProbe } from "../recipes/plan-context.ts";

const limits = { maxSourceMinutes: 60, maxVideoPixels: 8_000_000, maxImagePixels: 50_000_000 };
const input = { url: "http://127.0.0.1:1/x", demuxers: ["mov"], limits };

/** Runs an inspection with canned packets. */
const inspect = (inspection: Inspection, packets: string, isComplete = true) => {
  const runs: (readonly string[])[] = [];
  let next = inspection.next();
  while (next.done !== true) {
    runs.push(next.value.arguments);
    next.value.onOutput(packets);
    next = inspection.next(isComplete);
  }
  return { runs, probe: next.value };
};
const variableProbe = buildProbe({
  video: buildVideoProbe({ index: 3, isVariableFrameRate: true, frameRate: 30.1 }),
});
const declared = (probe: Partial<Probe>): Probe =>
  buildProbe({ bytes: 1_000_000, audio: audioOf(), ...probe });

describe("a source's inspection", () => {
  it("reads the first packets of video with a variable frame rate", () => {
    const { runs, probe } = inspect(
      inspectSource(variableProbe, true, input),
      "0.000\n0.033,\n\n0.067\n0.100\n",
    );

    expect(probe.video).to.include({ frameRate: 30, isVariableFrameRate: true });
    expect(runs).to.have.length(1);
    expect(runs[0]).to.include.members(["-select_streams", "3", "%+#300", "packet=pts_time"]);
    expect(runs[0]?.at(-1)).to.equal(input.url);
  });

  it("checks a rate above 60, which may be the clock's", () => {
    const highProbe = buildProbe({ video: buildVideoProbe({ frameRate: 120 }) });

    expect(
      inspect(inspectSource(highProbe, true, input), "0.000\n0.033\n0.067\n0.100\n").probe.video,
    ).to.include({
      frameRate: 30,
      isVariableFrameRate: true,
    });
    expect(
      inspect(inspectSource(highProbe, true, input), "0.0000\n0.0083\n0.0167\n0.0250\n").probe,
    ).to.deep.equal(highProbe);
  });

  it("reads nothing if the header suffices or the recipe encodes no video", () => {
    expect(inspect(inspectSource(buildProbe(), true, input), "").runs).to.deep.equal([]);
    expect(inspect(inspectSource(variableProbe, false, input), "").runs).to.deep.equal([]);
  });

  it("keeps the probe if ffprobe has not read everything", () => {
    const source = declared({ formats: ["mp3"], video: undefined, durationSeconds: 60 });

    expect(inspect(inspectDuration(source, input), "0,0.0,2.0\n", false).probe).to.deep.equal(source);
    expect(inspect(inspectSource(variableProbe, true, input), "0.000\n0.033\n", false).probe).to.deep.equal(
      variableProbe,
    );
  });

  it("does not let a duration that may be too short end a variable rate", () => {
    const source = { ...variableProbe, formats: ["mpegts"] };

    expect(inspect(inspectSource(source, true, input), "0.000\n0.033\n0.067\n").probe.video).to.include({
      isVariableFrameRate: true,
      durationSeconds: undefined,
    });
  });

  it("keeps the probe if ffprobe reports no packet", () => {
    expect(inspect(inspectSource(variableProbe, true, input), "").probe).to.deep.equal(variableProbe);
    expect(inspect(inspectDuration(declared({}), input), "").probe.durationSeconds).to.equal(10);
  });

  it("measures every MP3, and other formats with an implausible duration", () => {
    const countRuns = (probe: Partial<Probe>) =>
      inspect(inspectSource(declared(probe), false, input), "").runs.length;

    expect(countRuns({ formats: ["mp3"] })).to.equal(1);
    expect(countRuns({ formats: ["mpegts"] })).to.equal(0);
    expect(countRuns({ formats: ["mpegts"], durationSeconds: 95_000 })).to.equal(1);
    expect(countRuns({ formats: ["mpegts"], durationSeconds: 0.001 })).to.equal(1);
    expect(countRuns({ formats: ["mpegts"], durationSeconds: undefined })).to.equal(0);
    expect(countRuns({ formats: ["mov"], durationSeconds: 95_000 })).to.equal(0);
  });

  it("replaces the declared duration by the measured one", () => {
    const source = declared({
      formats: ["mp3"],
      video: undefined,
      durationSeconds: 60,
      audio: audioOf({ index: 0, durationSeconds: 60, startSeconds: 0.5 }),
    });
    const { probe } = inspect(inspectSource(source, false, input), "0,0.0,2.0\n0,2.0,2.0\n");

    expect([probe.durationSeconds, probe.audio?.durationSeconds]).to.deep.equal([4.5, 4]);
  });
});
