import { expect } from "chai";
import type { Appearance } from "../../../pipeline/highlights/appearance.ts";
import { clipPendingAppearances } from "../../../pipeline/highlights/clip-appearances.ts";
import type { ClipRequest, ClipResult } from "../../../pipeline/highlights/clipper.ts";
import type { FrameReference } from "../../../pipeline/highlights/segment.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { buildReference, buildSegment, openStore, segmentSeconds } from "./archive-fixture.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const buildAppearance = (start: FrameReference, end: FrameReference | undefined): Appearance => ({
  id: `${start.segmentId}-${start.frame}-Person`,
  channel: "news",
  label: "Person",
  status: end === undefined ? "open" : "closed",
  start,
  ...(end === undefined ? {} : { end }),
  confidence: 90,
});

/** A minute after the channel's start. */
const startMs = 1_060_000;

/** Runs `clipPendingAppearances` and returns the requests that the clipper received. */
const requestClips = async (
  store: Awaited<ReturnType<typeof openStore>>,
  answer: (request: ClipRequest) => ClipResult,
  { paddingSeconds = 0, nowMs = startMs }: { readonly paddingSeconds?: number; readonly nowMs?: number } = {},
): Promise<readonly ClipRequest[] & { readonly problem?: string }> => {
  const requests: ClipRequest[] = [];
  const clipper = {
    createClip: async (request: ClipRequest) => {
      requests.push(request);
      return answer(request);
    },
  };
  const problem = await clipPendingAppearances(
    { store, clipper, clock: { now: () => new Date(nowMs) }, log },
    { name: "news", paddingSeconds, cut: "frame", retentionDays: 30 },
  );
  return Object.assign(requests, problem === undefined ? {} : { problem });
};

const created = ({ clipId }: ClipRequest): ClipResult => ({
  kind: "created",
  jobId: `job-${clipId}`,
});

describe("the clips of appearances", () => {
  const segments = [0, 1, 2, 3].map((number) => buildSegment(number));
  const appearance = buildAppearance(buildReference(1, 10), buildReference(2, 50));

  it("cover exactly the appearance, from its segments alone", async () => {
    const store = await openStore(segments, [appearance]);

    const [request] = await requestClips(store, created);

    expect(request?.segments.map(({ id }) => id)).to.deep.equal(segments.slice(1, 3).map(({ id }) => id));
    expect([request?.startTime, request?.endTime]).to.deep.equal([
      appearance.start.time,
      appearance.end?.time,
    ]);
    expect((await store.readAppearance("news", appearance.id))?.clipJobId).to.equal(`job-${appearance.id}`);
  });

  it("omit a segment whose first frame is the end", async () => {
    const store = await openStore(segments, [buildAppearance(buildReference(1, 10), buildReference(2, 0))]);

    const [request] = await requestClips(store, created);

    expect(request?.segments).to.have.length(1);
  });

  it("have padding as far as the timeline is archived", async () => {
    const store = await openStore(
      [segments[1], segments[2], buildSegment(3, 2)].flatMap((one) => one ?? []),
      [appearance],
    );

    const [request] = await requestClips(store, created, { paddingSeconds: 3 });

    expect(request?.segments.map(({ timeline }) => timeline)).to.deep.equal([1, 1]);
    expect([request?.startTime, request?.endTime]).to.deep.equal([
      buildSegment(1).startTime,
      buildSegment(2).startTime + segmentSeconds,
    ]);
  });

  it("are requested once for each closed appearance, oldest first", async () => {
    const later = buildAppearance(buildReference(3, 1), buildReference(3, 20));
    const store = await openStore(segments, [
      later,
      appearance,
      buildAppearance(buildReference(3, 60), undefined),
    ]);

    const requests = await requestClips(store, created);

    expect(requests.map(({ clipId }) => clipId)).to.deep.equal([appearance.id, later.id]);
    expect(await requestClips(store, created)).to.deep.equal([]);
  });

  it("are requested again while a limit defers them, and never after a refusal", async () => {
    const store = await openStore(segments, [appearance]);
    const deferred: ClipResult = { kind: "deferred", notBefore: "2026-11-21T13:00:00.000Z", reason: "limit" };
    await requestClips(store, () => deferred);

    const refused = await requestClips(store, () => ({ kind: "refused", reason: "discontinuity" }));

    expect(refused).to.have.length(1);
    expect(await requestClips(store, created)).to.deep.equal([]);
    expect((await store.readAppearance("news", appearance.id))?.clip).to.deep.equal({
      kind: "refused",
      reason: "discontinuity",
    });
  });

  it("are requested although the request of another one fails, which is repeated", async () => {
    const later = buildAppearance(buildReference(3, 1), buildReference(3, 20));
    const store = await openStore(segments, [later, appearance]);
    const failing = ({ clipId }: ClipRequest): ClipResult => {
      if (clipId === appearance.id) throw new Error("The source cannot be stored.");
      return created({ clipId } as ClipRequest);
    };
    await requestClips(store, failing);

    const repeated = await requestClips(store, created, { nowMs: startMs + 60_000 });

    expect(repeated.map(({ clipId }) => clipId)).to.deep.equal([appearance.id]);
    expect((await store.readAppearance("news", later.id))?.clipJobId).to.equal(`job-${later.id}`);
  });

  it("are requested again after a growing time, and refused with the reason when the retention ends", async () => {
    const store = await openStore(segments, [appearance]);
    const failing = (): ClipResult => {
      throw new StoreFailure("transient", "Delta answered with status 503.");
    };
    const attemptedMs: number[] = [];
    const problems: (string | undefined)[] = [];
    const minutes = 60_000;
    // Each minute of two hours, then each hour.
    for (
      let elapsed = 0;
      elapsed <= 31 * 1440 * minutes;
      elapsed += elapsed < 120 * minutes ? minutes : 60 * minutes
    ) {
      const requests = await requestClips(store, failing, { nowMs: startMs + elapsed });
      if (requests.length > 0) attemptedMs.push(elapsed);
      if (elapsed < 5 * minutes) problems.push(requests.problem);
    }

    const delays = attemptedMs.slice(1).map((at, index) => (at - (attemptedMs[index] ?? 0)) / minutes);
    expect(delays.slice(0, 6)).to.deep.equal([1, 2, 4, 8, 16, 32]);
    expect(Math.max(...delays)).to.equal(360);
    // A failure that may pass is shown from the third one on.
    const shown = "Delta answered with status 503.";
    expect(problems).to.deep.equal([undefined, undefined, undefined, shown, shown]);
    const refused = await store.readAppearance("news", appearance.id);
    expect(refused?.clip).to.have.property("kind", "refused");
    expect(refused?.clip)
      .to.have.property("reason")
      .that.matches(/^The clip was requested \d+ times, until the retention of 30 days ended\./)
      .and.includes(shown);
    expect(refused).to.not.have.property("clipRetry");
    expect(attemptedMs.at(-1)).to.be.within(30 * 1440 * minutes - 60_000, 30.5 * 1440 * minutes);
  });

  it("report at once what an operator must correct, until a request succeeds", async () => {
    const store = await openStore(segments, [appearance]);
    const denied = await requestClips(store, () => {
      throw new StoreFailure("denied", "The key is wrong.");
    });
    const waiting = await requestClips(store, created, { nowMs: startMs + 30_000 });
    const corrected = await requestClips(store, created, { nowMs: startMs + 60_000 });

    expect(denied).to.have.property("problem", "The key is wrong.");
    expect(waiting).to.have.length(0);
    expect(waiting).to.have.property("problem", "The key is wrong.");
    expect(corrected).to.have.length(1);
    expect(corrected).to.not.have.property("problem");
    const clipped = await store.readAppearance("news", appearance.id);
    expect(clipped).to.include({ clipJobId: `job-${appearance.id}` });
    expect(clipped).to.not.have.property("clipRetry");
  });

  it("are requested for more appearances than a page has", async () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      buildAppearance(buildReference(index, 1), buildReference(index, 20)),
    );
    const store = await openStore(
      many.map((_, index) => buildSegment(index)),
      many,
    );

    expect(await requestClips(store, created)).to.have.length(many.length);
  });

  it("are requested for an appearance that lasted longer than many later ones", async () => {
    const long = buildAppearance(buildReference(0, 1), undefined);
    const later = Array.from({ length: 120 }, (_, index) =>
      buildAppearance(buildReference(index + 1, 1), buildReference(index + 1, 20)),
    );
    const store = await openStore(
      [long, ...later].map((_, index) => buildSegment(index)),
      [long, ...later],
    );
    expect(await requestClips(store, created)).to.have.length(later.length);
    await store.putAppearance({ ...long, status: "closed", end: buildReference(120, 30) }, 1);

    const requests = await requestClips(store, created);

    expect(requests.map(({ clipId }) => clipId)).to.deep.equal([long.id]);
  });
});
