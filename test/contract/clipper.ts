import { expect } from "chai";
import type { Clipper, ClipRequest, ClipResult } from "../../pipeline/highlights/clipper.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { buildSegment } from "../pipeline/highlights/archive-fixture.ts";

/** A clipper, and the system that makes its clips. */
export interface ClipperFixture {
  readonly clipper: Clipper;
  /** Number of clips that the system makes. */
  countClips(): Promise<number>;
  /**
   * Makes the system fail until it is called again: `transient`: it is overloaded; `denied`: the configuration is wrong;
   * `refused`: it does not accept the clip.
   */
  fail(kind: "transient" | "denied" | "refused" | undefined): void;
  /** Makes the system silent. Resolves when it has a request, which it does not answer before the call of `resume`. */
  hang(): { readonly received: Promise<void>; resume(): void };
  close(): Promise<void>;
}

const request: ClipRequest = {
  channel: "news",
  clipId: "00000000-0000000000000001-10-Person",
  label: "Person",
  segments: [buildSegment(1), buildSegment(2)],
  startTime: 1004.4,
  endTime: 1010.2,
  cut: "frame",
};

/** Reads how a request failed. */
const catchFailure = (result: Promise<ClipResult>): Promise<unknown> =>
  result.then(
    ({ kind }) => expect.fail(`The clip is ${kind}.`),
    (cause: unknown) => cause,
  );

/** The contract of `Clipper` (pipeline/highlights/clipper.ts). */
export const describeClipperContract = (name: string, open: () => Promise<ClipperFixture>): void => {
  describe(`the clipper contract, ${name}`, () => {
    let fixture: ClipperFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    it("makes one clip for a request, however often it is repeated", async () => {
      const { clipper } = fixture;
      const first = await clipper.createClip(request);
      const repeated = [await clipper.createClip(request), await clipper.createClip({ ...request })];

      expect(first.kind).to.be.oneOf(["created", "accepted"]);
      const expected = first.kind === "created" ? { ...first, kind: "duplicate" } : first;
      expect(repeated).to.deep.equal([expected, expected]);
      expect(await fixture.countClips()).to.equal(1);
    });

    it("makes a clip for each id, time, cut and channel", async () => {
      const requests: readonly ClipRequest[] = [
        request,
        { ...request, clipId: "range-1004400-1010200" },
        { ...request, endTime: 1010.24 },
        { ...request, cut: "keyframe" },
        { ...request, channel: "sport" },
      ];
      const results: ClipResult[] = [];
      for (const one of requests) results.push(await fixture.clipper.createClip(one));

      expect(results.map(({ kind }) => kind)).to.satisfy((kinds: readonly string[]) =>
        kinds.every((kind) => kind === "created" || kind === "accepted"),
      );
      expect(await fixture.countClips()).to.equal(requests.length);
    });

    it("makes a clip of a label with any characters", async () => {
      const label = `A & B <"'/..\\\u0000> é日本 ${"x".repeat(300)}`;
      const result = await fixture.clipper.createClip({ ...request, label });

      expect(result.kind).to.be.oneOf(["created", "accepted"]);
    });

    it("refuses a clip without a duration, and names it", async () => {
      const result = await fixture.clipper.createClip({ ...request, endTime: request.startTime });

      expect(result).to.have.property("kind", "refused");
      expect(result).to.have.property("reason").that.includes(request.clipId);
      expect(await fixture.countClips()).to.equal(0);
    });

    it("refuses a clip that cannot be made, and makes it once that has changed", async () => {
      fixture.fail("refused");
      const refused = await fixture.clipper.createClip(request);
      fixture.fail(undefined);

      expect(refused).to.have.property("kind", "refused");
      expect(refused).to.have.property("reason").that.includes(request.clipId);
      expect(await fixture.countClips()).to.equal(0);
      expect((await fixture.clipper.createClip(request)).kind).to.be.oneOf(["created", "accepted"]);
    });

    for (const [kind, isRetryable] of [
      ["transient", true],
      ["denied", false],
    ] as const)
      it(`rejects with a ${kind} failure, and makes one clip once that has passed`, async () => {
        fixture.fail(kind);
        const failure = await catchFailure(fixture.clipper.createClip(request));
        fixture.fail(undefined);

        expect(failure).to.be.instanceOf(StoreFailure).with.include({ kind, retryable: isRetryable });
        expect(await fixture.countClips()).to.equal(0);
        expect((await fixture.clipper.createClip(request)).kind).to.be.oneOf(["created", "accepted"]);
        expect(await fixture.countClips()).to.equal(1);
      });

    it("requests nothing with a signal that is aborted", async () => {
      const reason = new Error("The run has ended.");
      const failure = await catchFailure(fixture.clipper.createClip(request, AbortSignal.abort(reason)));

      expect(failure).to.equal(reason);
      expect(await fixture.countClips()).to.equal(0);
    });

    it("rejects with the signal's reason when it is aborted, and makes one clip later", async () => {
      const reason = new Error("The run has ended.");
      const controller = new AbortController();
      const { received, resume } = fixture.hang();
      const pending = catchFailure(fixture.clipper.createClip(request, controller.signal));
      await received;
      controller.abort(reason);
      resume();

      expect(await pending).to.equal(reason);
      expect(await fixture.countClips()).to.equal(0);
      await fixture.clipper.createClip(request);
      expect(await fixture.countClips()).to.equal(1);
    });
  });
};
