import { expect } from "chai";
import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import type { AppearanceStore } from "../../../pipeline/highlights/appearance-store.ts";
import { takeLease } from "../../../pipeline/highlights/channel-lease.ts";
import { type DetectionScope, detectFrame } from "../../../pipeline/highlights/detect-frame.ts";
import type { WatchedChannel } from "../../../pipeline/highlights/watch-ports.ts";
import { DetectionFailure, type LabelDetector } from "../../../pipeline/ports/label-detector.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { buildChannel } from "./channel-fixtures.ts";

const time = Date.UTC(2026, 10, 21, 12) / 1000;
const frame = { segmentId: "0000-0000000001", frame: 3, time };
const image = Buffer.from("a frame");
const person = { name: "Person", confidence: 90, boxes: [] };

/** A channel that a run holds, with a detector whose answers the test chooses. */
const openChannel = async (settings: Parameters<typeof buildChannel>[0] = {}) => {
  const clock = { now: () => new Date(time * 1000) };
  const store = createMemoryAppearanceStore(clock);
  const channel = buildChannel(settings);
  const lease = await takeLease(store, clock, channel.name, "this run");
  if (lease === undefined) throw new Error("The lease is held");
  const watched: WatchedChannel = { channel, lease, archivePrefix: "archive/" };
  const calls: string[] = [];
  const ports = {
    store,
    clock,
    archive: {
      copy: () => Promise.reject(new Error("not used")),
      copyContent: () => Promise.reject(new Error("not used")),
      writeImage: async () => undefined,
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const detect = async (
    answer: LabelDetector["detect"] = async () => ({ labels: [person], celebrities: [] }),
    {
      readImage = async (): Promise<Uint8Array | undefined> => image,
      decorate = (all: AppearanceStore) => all,
      scope = undefined as DetectionScope | undefined,
      signal = undefined as AbortSignal | undefined,
    } = {},
  ) =>
    detectFrame(
      {
        ...ports,
        store: decorate(store),
        detector: {
          name: "rekognition",
          computeUsd: ({ celebrities, labels = true }) => (Number(labels) + Number(celebrities)) / 1000,
          detect: (request, abortSignal) => {
            calls.push(`${request.labels} ${request.celebrities}`);
            return answer(request, abortSignal);
          },
        },
      },
      watched,
      frame,
      readImage,
      scope,
      signal,
    ).catch((cause: unknown) => cause);
  /** What becomes of a claim by another run. */
  const claimAgain = async () => {
    const claim = await store.claimDetection(channel.name, frame, { token: 99, at: time });
    return "reason" in claim ? claim.reason : claim.status;
  };
  return { store, detect, calls, claimAgain };
};

describe("the detection of a frame", () => {
  it("is paid once: its result is used again, without the image", async () => {
    const { store, detect, calls } = await openChannel();

    const first = await detect();
    const again = await detect(undefined, { readImage: () => Promise.reject(new Error("not needed")) });

    expect(first).to.deep.equal({
      kind: "detected",
      record: {
        frame,
        detection: { labels: [person], celebrities: [] },
        imageKey: "archive/news/frames/0000-0000000001-3.jpg",
        usd: 0.001,
      },
    });
    expect(again).to.deep.equal(first);
    expect(calls).to.have.length(1);
    expect(await store.readUsage("news", time)).to.deep.equal({ detectionsThisHour: 1, usdToday: 0.001 });
  });

  it("reads the image before the claim: a frame that cannot be read has none", async () => {
    const failure = new StoreFailure("transient", "The object cannot be read.");
    for (const [readImage, expected] of [
      [() => Promise.reject(failure), failure],
      [async () => undefined, { kind: "undecodable" }],
    ] as const) {
      const { store, detect, calls, claimAgain } = await openChannel();
      const decorate = (all: AppearanceStore): AppearanceStore => ({
        ...all,
        claimDetection: () => Promise.reject(new Error("claimed before the image was read")),
      });

      expect(await detect(undefined, { readImage, decorate })).to.deep.equal(expected);

      expect(calls).to.deep.equal([]);
      expect(await claimAgain()).to.equal("claimed");
      expect((await store.readUsage("news", time)).detectionsThisHour).to.equal(0);
    }
  });

  it("gives the claim back if a cap is reached", async () => {
    const { detect, calls, claimAgain } = await openChannel({ maxDetectionsPerHour: 1, maxUsdPerDay: 0.001 });
    const reserveFirst = (all: AppearanceStore): AppearanceStore => ({
      ...all,
      reserveDetection: async (...all_) => {
        await all.reserveDetection(...all_);
        return all.reserveDetection(...all_);
      },
    });

    expect(await detect(undefined, { decorate: reserveFirst })).to.deep.equal({
      kind: "capped",
      decision: { isAllowed: false, cap: "maxUsdPerDay", resetsAt: time + 12 * 3600 },
    });
    expect(calls).to.deep.equal([]);
    expect(await claimAgain()).to.equal("claimed");
  });

  it("gives the claim back if the reservation fails, or the run ends before the call", async () => {
    const failure = new StoreFailure("transient", "The table cannot be written.");
    const failing = await openChannel();
    const decorate = (all: AppearanceStore): AppearanceStore => ({
      ...all,
      reserveDetection: () => Promise.reject(failure),
    });
    expect(await failing.detect(undefined, { decorate })).to.equal(failure);
    expect(failing.calls).to.deep.equal([]);
    expect(await failing.claimAgain()).to.equal("claimed");

    const ending = await openChannel();
    const reason = new Error("the run is over");
    expect(await ending.detect(undefined, { signal: AbortSignal.abort(reason) })).to.equal(reason);
    expect(ending.calls).to.deep.equal([]);
    expect(await ending.claimAgain()).to.equal("claimed");
  });

  for (const kind of ["throttled", "transient", "denied", "unavailable"] as const)
    it(`gives the claim back if the detector is ${kind}, and is called again`, async () => {
      const { detect, calls } = await openChannel();
      const failure = new DetectionFailure(kind, "no answer");

      expect(await detect(() => Promise.reject(failure))).to.equal(failure);

      expect(await detect()).to.have.property("kind", "detected");
      expect(calls).to.have.length(2);
    });

  it("refuses a frame that the detector does not accept, and no other", async () => {
    const { detect, claimAgain } = await openChannel();
    const failure = new DetectionFailure("image", "The image is not valid.");

    expect(await detect(() => Promise.reject(failure))).to.deep.equal({ kind: "refused", failure });

    expect(await claimAgain()).to.equal("claimed");
  });

  it("is lost if its response is: the frame is never called again", async () => {
    const { detect, calls } = await openChannel();
    const failure = new DetectionFailure("transient", "no response", { mayBeBilled: true });
    const lost = { kind: "unknown", reason: "lost" };

    expect(await detect(() => Promise.reject(failure))).to.deep.equal(lost);

    expect(await detect()).to.deep.equal(lost);
    expect(calls).to.have.length(1);
  });

  it("is lost if the run ends during a paid call", async () => {
    const { detect, claimAgain } = await openChannel();
    const reason = new Error("the run is over");

    expect(await detect(() => Promise.reject(reason))).to.equal(reason);

    expect(await claimAgain()).to.equal("lost");
  });

  it("is unknown if a process left its claim", async () => {
    const { store, detect, calls } = await openChannel();
    await store.claimDetection("news", frame, { token: 0, at: time });

    expect(await detect()).to.deep.equal({ kind: "unknown", reason: "abandoned" });

    expect(calls).to.deep.equal([]);
  });

  it("is lost if its claim was, and is what another run has stored meanwhile", async () => {
    const lost = await openChannel();
    const decorate = (all: AppearanceStore): AppearanceStore => ({
      ...all,
      storeDetection: async () => false,
    });
    expect(await lost.detect(undefined, { decorate })).to.deep.equal({ kind: "unknown", reason: "lost" });

    const other = await openChannel();
    const cup = { name: "Cup", confidence: 70, boxes: [] };
    const storeOther = (all: AppearanceStore): AppearanceStore => ({
      ...all,
      storeDetection: async (channel, one, token, { usd }) => {
        await all.storeDetection(channel, one, token, { detection: { labels: [cup], celebrities: [] }, usd });
        return false;
      },
    });
    expect(await other.detect(undefined, { decorate: storeOther })).to.have.nested.property(
      "record.detection.labels[0].name",
      "Cup",
    );
  });

  it("stores what it left out, and pays for the rest only", async () => {
    for (const [scope, omitted] of [
      [{ labels: true, celebrities: false }, "celebrity"],
      [{ labels: false, celebrities: true }, "label"],
    ] as const) {
      const { store, detect, calls } = await openChannel({ celebrities: true });

      expect(await detect(undefined, { scope })).to.have.nested.property("record.omitted", omitted);

      expect(calls).to.deep.equal([`${scope.labels} ${scope.celebrities}`]);
      expect((await store.readUsage("news", time)).usdToday).to.equal(0.001);
    }
    const { store, detect, calls } = await openChannel({ celebrities: true });
    expect(await detect()).to.not.have.nested.property("record.omitted");
    expect(calls).to.deep.equal(["true true"]);
    expect((await store.readUsage("news", time)).usdToday).to.equal(0.002);
  });
});
