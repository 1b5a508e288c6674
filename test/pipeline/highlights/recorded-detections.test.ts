import { expect } from "chai";
import fc from "fast-check";
import { UserError } from "../../../pipeline/errors/errors.ts";
import {
  findRecordedFrame,
  parseRecordedDetections,
} from "../../../pipeline/highlights/recorded-detections.ts";

const person = { name: "Person", confidence: 98.1 };
const parse = (frames: unknown) => parseRecordedDetections({ frames }, "detections.json");

describe("recorded detections", () => {
  it("are the latest entry at or before a time", () => {
    const frames = parse([
      { time: 4, labels: [] },
      { time: 1.2, labels: [person] },
    ]);

    const namesAt = (time: number) => findRecordedFrame(frames, time)?.labels.map(({ name }) => name);
    expect(namesAt(0)).to.equal(undefined);
    expect(namesAt(1.19)).to.equal(undefined);
    for (const time of [1.2, 1.21, 3.999]) expect(namesAt(time), String(time)).to.deep.equal(["Person"]);
    for (const time of [4, 1e9]) expect(namesAt(time), String(time)).to.deep.equal([]);
  });

  it("are found at times that were rounded to milliseconds or counted since 1970", () => {
    const [third] = parse([{ time: 0.067, labels: [person] }]);
    expect(findRecordedFrame(third === undefined ? [] : [third], 2 / 30)).to.equal(third);
    const start = 1_796_000_000.123;
    expect(findRecordedFrame(third === undefined ? [] : [third], start + 0.067 - start)).to.equal(third);
  });

  it("are those of a search through all entries", () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: -1, max: 51 }), (frameTimes, time) => {
        const frames = parse(frameTimes.map((frameTime) => ({ time: frameTime, labels: [] })));
        expect(findRecordedFrame(frames, time)).to.equal(frames.findLast((frame) => frame.time <= time));
      }),
    );
  });

  it("name every mistake of a file, and what is expected", () => {
    const read = (value: unknown) => {
      try {
        parseRecordedDetections(value, "detections.json");
      } catch (cause) {
        expect(cause).to.be.instanceOf(UserError);
        return String(cause);
      }
      return "";
    };
    const problems = read({
      frames: [
        { time: -1, labels: [{ name: "", confidence: 98 }] },
        { time: 1, labels: [{ name: "Cup", confidence: 101 }] },
        { time: 2 },
      ],
    });
    for (const text of [
      "detections.json",
      "frames.0.time",
      "frames.0.labels.0.name",
      "frames.1.labels.0.confidence",
      "frames.2.labels",
      '{"frames":[{"time":1.2,',
    ])
      expect(problems).to.include(text);
    expect(read(undefined)).to.include("not valid JSON");
    expect(read([])).to.include("the document");
    expect(read({ frames: [] })).to.equal("");
  });
});
