import { expect } from "chai";
import type { ArchivedSegment } from "../../../../pipeline/highlights/segment.ts";
import { DetectionFailure } from "../../../../pipeline/ports/label-detector.ts";
import { packagedPrograms } from "../../../e2e/media-programs.ts";
import { expectTruth, openWatch, startMs } from "./channel-watch.ts";

describe("the detections of a watched channel", function () {
  this.timeout(120_000);
  const cleanups: (() => Promise<unknown>)[] = [];
  let watch: Awaited<ReturnType<typeof openWatch>>;
  before(async () => {
    watch = await openWatch(packagedPrograms(), cleanups);
  });
  after(async () => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  });

  /** Runs the watcher with a detector that fails until a second of the channel. */
  const runUnavailable = async (
    { run }: Awaited<ReturnType<typeof watch.openWatcher>>,
    untilSecond: number,
    options: Parameters<typeof run>[1] = {},
  ) => {
    let failures = 0;
    const outcome = await run(
      (ports) => ({
        ...ports,
        detector: {
          ...ports.detector,
          detect: async (request, signal) => {
            if (watch.clock.ms >= startMs + untilSecond * 1000) return ports.detector.detect(request, signal);
            failures += 1;
            throw new DetectionFailure("denied", "rekognition:DetectLabels is not allowed.");
          },
        },
      }),
      options,
    );
    return { outcome, failures };
  };

  it("are made up for when the detector works again, while archiving goes on", async () => {
    const watcher = await watch.openWatcher();
    const { outcome, failures } = await runUnavailable(watcher, 17);

    expect(outcome).to.equal("ended");
    await expectTruth(watcher.store, 30_000 / 1001);
    expect(watch.live.requested).to.have.length(watch.live.segmentCount);
    expect(new Set(watcher.calls).size).to.equal(watcher.calls.length);
    expect(failures).to.be.within(1, 3);
  });

  it("are repeated by a later run, and the status says why they fail", async () => {
    const watcher = await watch.openWatcher();
    const { outcome } = await runUnavailable(watcher, 3600, { deadlineMs: startMs + 40_000 });

    expect(outcome).to.equal("deadline");
    const { status } = await watcher.store.readChannel("news");
    expect(status?.name).to.equal("error");
    expect(status?.message).to.include(
      "DetectLabels is not allowed. The channel is archived, and detection is tried again",
    );
    expect(await watcher.run()).to.equal("ended");
    await expectTruth(watcher.store, 30_000 / 1001);
    const { status: last } = await watcher.store.readChannel("news");
    expect(last?.name).to.equal("ended");
    const segments: ArchivedSegment[] = [];
    for await (const segment of watcher.store.listSegments("news", {})) segments.push(segment);
    const newest = segments.at(-1) ?? expect.fail("The archive has no segment.");
    expect([last?.lastSegmentAt, last?.lastSegmentEndsAt]).to.deep.equal([
      newest.startTime,
      newest.startTime + newest.durationSeconds,
    ]);
  });

  it("leave out what is too far behind", async () => {
    const watcher = await watch.openWatcher();
    await runUnavailable(watcher, 17, { maxBacklogSeconds: 6 });

    const { appearances } = await watcher.store.listAppearances("news");
    expect(appearances.map(({ label, status }) => [label, status])).to.deep.equal([["Cup", "closed"]]);
    expect(Math.min(...watcher.calls)).to.be.greaterThan(startMs / 1000 + 8);
  });
});
