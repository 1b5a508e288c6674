import { expect } from "chai";
import { stub, useFakeTimers } from "sinon";
import { buildReadReference } from "../../../docker/ffmpeg/source/source-head.ts";
import { startSourceWatch } from "../../../docker/ffmpeg/source/source-watch.ts";
import type { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

const head: ObjectHead = {
  bucket: "input",
  key: "a.mp4",
  etag: '"one"',
  bytes: 3,
  modifiedAt: "2026-01-01T00:00:00.000Z",
  metadata: {},
};
const order = (source: Partial<AttemptSpecification["source"]> = {}): AttemptSpecification => ({
  id: "job",
  attempt: 1,
  source: { bucket: "input", key: "a.mp4", bytes: 3, ...source },
  recipe: { name: "thumbnail", at: { seconds: 0 } },
  outputBucket: "output",
  outputKeys: ["a.png"],
  metadata: {},
  ownership: { kind: "strict", job: "job" },
  limits: { maxSourceMinutes: 1, maxVideoPixels: 1, maxImagePixels: 1 },
});

describe("the source watch", () => {
  /** The store's answers, one per call; the last one repeats. */
  const watch = (answers: readonly (ObjectHead | undefined | StoreFailure)[], watched = order()) =>
    new Promise<JobFailure>((resolve) => {
      let headCalls = 0;
      const source = startSourceWatch({
        objects: {
          head: async () => {
            const answer = answers[Math.min(headCalls, answers.length - 1)];
            headCalls += 1;
            if (answer instanceof StoreFailure) throw answer;
            return answer;
          },
        },
        specification: watched,
        head,
        periodMs: 1,
        onReplaced: (failure) => {
          source.stop();
          resolve(failure);
        },
      });
    });
  const other = { ...head, etag: '"two"' };

  for (const [title, answer, source, expected] of [
    ["another object is there", other, {}, [3001, true]],
    ["another object is there than the job is of", other, { etag: "one" }, [3001, false]],
    ["an object of another size is there", { ...other, bytes: 4 }, {}, [4002, false]],
    ["it is gone", undefined, {}, [3001, false]],
  ] as const)
    it(`reports that ${title} after earlier failures of the store`, async () => {
      const failure = await watch([head, new StoreFailure("transient", "slow down"), answer], order(source));
      expect([failure.code, failure.retryable]).to.deep.equal(expected);
    });

  for (const [title, source, expectedCalls] of [
    ["looks every ten seconds at an object that can be replaced", {}, 3],
    ["never looks at a version, which nothing can replace", { versionId: "1" }, 0],
    ["looks at the only object of a bucket whose versioning is suspended", { versionId: "null" }, 3],
  ] as const)
    it(title, async () => {
      const clock = useFakeTimers();
      try {
        const headObject = stub().resolves(head);
        const watched = startSourceWatch({
          objects: { head: headObject },
          specification: order(source),
          head,
          onReplaced: () => expect.fail("It was not replaced."),
        });
        await clock.tickAsync(30_000);
        watched.stop();
        await clock.tickAsync(30_000);

        expect(headObject.callCount).to.equal(expectedCalls);
      } finally {
        clock.restore();
      }
    });

  it("reads the expected object, or the given version", () => {
    expect([
      buildReadReference(order(), head),
      buildReadReference(order({ versionId: "1" }), head),
    ]).to.deep.equal([
      { bucket: "input", key: "a.mp4", etag: '"one"' },
      { bucket: "input", key: "a.mp4", versionId: "1" },
    ]);
  });
});
