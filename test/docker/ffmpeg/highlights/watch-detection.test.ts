import { expect } from "chai";
import type { ChannelStatus } from "../../../../pipeline/highlights/appearance-store.ts";
import type { ArchivedSegment } from "../../../../pipeline/highlights/segment.ts";
import {
  type Detection,
  DetectionFailure,
  type DetectionRequest,
} from "../../../../pipeline/ports/label-detector.ts";
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

  it("end what was open when they began to fail, once they are too far behind", async () => {
    // The picture that follows Person is new, so that it needs the detector.
    const changed = await openWatch(packagedPrograms(), cleanups, {
      photographs: [
        { label: "Person", file: "astronaut.jpg", start: 4.3, end: 9.1 },
        { label: "Cup", file: "coffee.jpg", start: 9.1, end: 18 },
      ],
    });
    const failTo = startMs + 17_500;
    let isDown = false;
    const endedMs: number[] = [];
    await changed.run(
      (ports) => ({
        ...ports,
        detector: {
          ...ports.detector,
          detect: async (request, signal) => {
            // From the segment on in which Person disappears.
            isDown ||= request.timeSeconds >= startMs / 1000 + 8;
            if (!isDown || changed.clock.ms >= failTo) return ports.detector.detect(request, signal);
            throw new DetectionFailure("denied", "rekognition:DetectLabels is not allowed.");
          },
        },
        listener: {
          ...ports.listener,
          onEnded: async (appearance) => {
            endedMs.push(changed.clock.ms);
            await ports.listener.onEnded(appearance);
          },
        },
      }),
      { maxBacklogSeconds: 4, detectionRetryMs: 1000 },
    );

    // It did not wait for the detector.
    expect(endedMs[0]).to.be.below(failTo);
    const { appearances } = await changed.store.listAppearances("news");
    const person = appearances.find(({ label }) => label === "Person");
    expect(person).to.deep.include({ status: "closed", inexactEdges: ["end"] });
    expect((person?.end?.time ?? 0) - startMs / 1000).to.be.within(7, 8.1);
    expect(appearances.filter(({ status }) => status === "open")).to.deep.equal([]);
    // It is shown in the first frame that is searched again.
    const cup = appearances.find(({ label }) => label === "Cup");
    expect(cup).to.deep.include({ status: "closed", inexactEdges: ["start"] });
    expect((cup?.start.time ?? 0) - startMs / 1000).to.be.within(9.2, 17.5);
  });

  /** Statuses that a run saves, each once. */
  const runRecorded = async (
    { run }: Awaited<ReturnType<typeof watch.openWatcher>>,
    answer: (
      detect: () => Promise<Detection>,
      second: number,
      request: DetectionRequest,
    ) => Promise<Detection>,
  ) => {
    const statuses: ChannelStatus[] = [];
    const outcome = await run((ports) => ({
      ...ports,
      detector: {
        ...ports.detector,
        detect: (request, signal) =>
          answer(
            () => ports.detector.detect({ ...request, labels: true }, signal),
            request.timeSeconds - startMs / 1000,
            request,
          ),
      },
      store: {
        ...ports.store,
        saveState: (lease, state, status) => {
          statuses.push(status);
          return ports.store.saveState(lease, state, status);
        },
      },
    }));
    return { outcome, statuses };
  };

  it("that are refused are reported, until frames are detected again", async () => {
    const watcher = await watch.openWatcher();
    let isRefused = false;
    const { outcome, statuses } = await runRecorded(watcher, async (detect, second) => {
      if (isRefused || second < 3) return detect();
      isRefused = true;
      throw new DetectionFailure("image", "The image is not valid.");
    });

    expect(outcome).to.equal("ended");
    const reported = statuses.filter(({ parts }) => parts?.includes("frames"));
    expect(reported).to.not.be.empty;
    for (const { name, message } of reported) {
      expect(name).to.equal("error");
      expect(message).to.include(
        "The detector refuses frames, and they are not searched: The image is not valid.",
      );
    }
    expect(statuses.at(-1)?.parts).to.deep.equal(["archive"]);
    await expectTruth(watcher.store, 30_000 / 1001);
  });

  it("without their celebrities are reported, and end no appearance of a celebrity", async () => {
    const changed = await openWatch(packagedPrograms(), cleanups, {
      settings: { celebrities: true, clipLabels: ["Ada", "Cup"] },
      photographs: [
        { label: "Ada", file: "astronaut.jpg", start: 4.3, end: 16 },
        { label: "Cup", file: "coffee.jpg", start: 7, end: 11 },
      ],
    });
    const celebritiesFailure = { kind: "denied", message: "RecognizeCelebrities is not allowed." } as const;
    const { outcome, statuses } = await runRecorded(changed, async (detect, second, request) => {
      const { labels } = await detect();
      const isUnknown = request.celebrities && second >= 7 && second < 11;
      return {
        labels: request.labels === false ? [] : labels.filter(({ name }) => name === "Cup"),
        celebrities:
          isUnknown || !request.celebrities
            ? []
            : labels
                .filter(({ name }) => name === "Ada")
                .map(({ name, confidence }) => ({ id: name, name, confidence, urls: [] })),
        ...(isUnknown ? { celebritiesFailure } : {}),
      };
    });

    expect(outcome).to.equal("ended");
    const { appearances } = await changed.store.listAppearances("news");
    const toSeconds = (time = 0) => Math.round((time - startMs / 1000) * 10) / 10;
    expect(
      appearances.map(({ label, start, end }) => [label, toSeconds(start.time), toSeconds(end?.time)]),
    ).to.deep.equal([
      ["Cup", 7, 11],
      ["Ada", 4.3, 16],
    ]);
    expect(appearances.flatMap(({ inexactEdges = [] }) => inexactEdges)).to.deep.equal([]);
    expect(statuses.some(({ message }) => message.includes("RecognizeCelebrities is not allowed."))).to.equal(
      true,
    );
  });

  it("tell how far they are", async () => {
    const watcher = await watch.openWatcher();
    await watcher.run();

    const { status } = await watcher.store.readChannel("news");
    expect(status?.lastDetectedAt).to.equal(status?.lastSegmentAt);
    expect(status?.lastSegmentAt).to.be.closeTo(startMs / 1000 + 18, 2);
  });
});
