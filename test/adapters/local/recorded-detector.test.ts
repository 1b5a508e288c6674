import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createRecordedDetector, readRecordedDetections } from "../../../adapters/local/recorded-detector.ts";

describe("the detector of recorded detections", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-detections-"));
    path = join(folder, "detections.json");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("answers from a file, on the clock of a channel, at Rekognition's price", async () => {
    const labels = [
      { name: "Cup", confidence: 40 },
      { name: "Person", confidence: 98.1 },
    ];
    await writeFile(path, JSON.stringify({ frames: [{ time: 1.2, labels }] }));

    const detector = createRecordedDetector(await readRecordedDetections(path), {
      startTime: 1_796_000_000.123,
    });
    const namesAt = async (timeSeconds: number) => {
      const detection = await detector.detect({
        image: new Uint8Array(),
        timeSeconds,
        minConfidence: 40,
        celebrities: true,
      });
      return detection.labels.map(({ name }) => name);
    };

    expect(await namesAt(1_796_000_001.32)).to.deep.equal([]);
    expect(await namesAt(1_796_000_001.323)).to.deep.equal(["Person", "Cup"]);
    expect(detector.computeUsd({ celebrities: false })).to.equal(0.001);
    expect(detector.computeUsd({ celebrities: true })).to.equal(0.002);
  });

  it("names a file that cannot be read, and one that is cut", async () => {
    const read = () => readRecordedDetections(path).catch((cause: unknown) => String(cause));
    expect(await read())
      .to.include("ENOENT")
      .and.to.include(path);
    await writeFile(path, '{"frames":[{"time":1.2');
    expect(await read())
      .to.include("not valid JSON")
      .and.to.include(path);
  });
});
