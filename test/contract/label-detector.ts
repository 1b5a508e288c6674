import { expect } from "chai";
import {
  DetectionFailure,
  type DetectionFailureKind,
  type DetectionRequest,
  type LabelDetector,
} from "../../pipeline/ports/label-detector.ts";

/** A detector, and a frame in which it finds at least one label. */
export interface LabelDetectorFixture {
  readonly detector: LabelDetector;
  readonly frame: Pick<DetectionRequest, "image" | "timeSeconds">;
  /** Requests that fail, by the kind of the failure. */
  readonly failures: readonly (readonly [kind: DetectionFailureKind, detect: () => Promise<unknown>])[];
  close(): Promise<void>;
}

/** The contract of `LabelDetector` (pipeline/ports/label-detector.ts). */
export const describeLabelDetectorContract = (
  name: string,
  open: () => Promise<LabelDetectorFixture>,
): void => {
  describe(`the label detector contract, ${name}`, () => {
    let fixture: LabelDetectorFixture;
    before(async () => {
      fixture = await open();
    });
    after(() => fixture.close());
    const request = (minConfidence: number, celebrities = false): DetectionRequest => ({
      ...fixture.frame,
      minConfidence,
      celebrities,
    });

    it("returns labels by confidence in percent, with boxes inside the frame", async () => {
      const { labels } = await fixture.detector.detect(request(5));
      expect(labels).to.not.deep.equal([]);
      const confidences = labels.map(({ confidence }) => confidence);
      expect(confidences).to.deep.equal(confidences.toSorted((first, second) => second - first));
      expect(confidences[0]).to.be.within(10, 100);
      for (const label of labels) {
        expect(label.name.trim()).to.equal(label.name).and.not.equal("");
        expect(label.confidence).to.be.within(5, 100);
        for (const { left, top, width, height } of label.boxes) {
          for (const value of [left, top, width, height]) expect(value).to.be.within(0, 1);
          expect(left + width).to.be.at.most(1 + 1e-9);
          expect(top + height).to.be.at.most(1 + 1e-9);
          expect(width * height).to.be.above(0);
        }
      }
      expect(new Set(labels.map((label) => label.name)).size).to.equal(labels.length);
    });

    it("leaves out what is below the minimum confidence", async () => {
      const { labels } = await fixture.detector.detect(request(5));
      const highest = labels[0]?.confidence ?? 0;
      const isHighest = ({ confidence }: { readonly confidence: number }) => confidence === highest;
      const atHighest = await fixture.detector.detect(request(highest));
      expect(atHighest.labels.map(({ name: label }) => label)).to.deep.equal(
        labels.filter(isHighest).map(({ name: label }) => label),
      );
      expect((await fixture.detector.detect(request(Math.min(100, highest + 0.5)))).labels).to.deep.equal([]);
    });

    it("answers the same frame in the same way", async () => {
      expect(await fixture.detector.detect(request(20))).to.deep.equal(
        await fixture.detector.detect(request(20)),
      );
    });

    it("returns celebrities only if they are requested, and prices both requests", async () => {
      expect((await fixture.detector.detect(request(20))).celebrities).to.deep.equal([]);
      const { celebrities, celebritiesFailure } = await fixture.detector.detect(request(20, true));
      expect(celebritiesFailure).to.equal(undefined);
      for (const { id, name: person, confidence, urls } of celebrities) {
        expect([id, person]).to.not.include("");
        expect(confidence).to.be.within(20, 100);
        for (const url of urls) expect(new URL(url).protocol).to.match(/^https?:$/);
      }
      const [labelsUsd, allUsd] = [false, true].map((isRequested) =>
        fixture.detector.computeUsd({ celebrities: isRequested }),
      );
      expect(labelsUsd).to.be.within(0, 0.01);
      expect(allUsd).to.be.within(labelsUsd ?? 0, 0.02);
    });

    it("returns no labels if celebrities are requested alone, for at most the price of the labels", async () => {
      const alone = { labels: false, celebrities: true };
      expect((await fixture.detector.detect({ ...request(5), ...alone })).labels).to.deep.equal([]);
      expect(fixture.detector.computeUsd(alone)).to.equal(
        fixture.detector.computeUsd({ celebrities: false }),
      );
    });

    it("rejects with the reason of a signal that is aborted", async () => {
      const reason = new Error("the run is over");
      const failure = await fixture.detector
        .detect(request(20), AbortSignal.abort(reason))
        .catch((cause: unknown) => cause);
      expect(failure).to.equal(reason);
    });

    it("rejects with a typed failure", async () => {
      for (const [kind, detect] of fixture.failures) {
        const failure = await detect().catch((cause: unknown) => cause);
        expect(failure).to.be.instanceOf(DetectionFailure).and.to.include({ kind });
      }
    });
  });
};
