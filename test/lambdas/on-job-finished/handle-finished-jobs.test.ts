import { expect } from "chai";
import { createOnJobFinishedHandler } from "../../../lambdas/on-job-finished/handle-finished-jobs.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { closeJob } from "../../../pipeline/jobs/close-job.ts";
import type { FinishedJob } from "../../../pipeline/jobs/finished-job.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const buildQueueEvent = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({ eventSource: "aws:sqs", messageId: `m${index}`, body })),
});

describe("on-job-finished", () => {
  let fixture: JobFixture;
  let jobs: FinishedJob[];
  let refusal: Error | undefined;
  beforeEach(async () => {
    fixture = await openJobFixture();
    jobs = [];
    refusal = undefined;
  });
  afterEach(() => fixture.close());

  const handle = (event: unknown) =>
    createOnJobFinishedHandler({
      log: fixture.ports.log,
      onJobFinished: async (job) => {
        if (refusal !== undefined) throw refusal;
        jobs.push(job);
      },
    })(event);
  /** Claims an upload and closes its job; returns the message that the topic publishes. */
  const publishMessage = async (key: string): Promise<string> => {
    const claim = await claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    await closeJob(fixture.ports, claim.job.id, 1, {
      status: "Error",
      error: { code: 4000, name: "UnsupportedFormat", message: "Not a video.", retryable: false },
      detail: "closed by a test",
    });
    const message = fixture.published.at(-1)?.message;
    if (message === undefined) throw new Error("No message was published.");
    return message;
  };

  it("passes the message of a closed job to the hook, and logs one line", async () => {
    const message = await publishMessage("thumbnails/a b.mp4");
    fixture.logged.length = 0;

    expect(await handle(buildQueueEvent(message))).to.deep.equal({ batchItemFailures: [] });

    expect(jobs).to.deep.equal([JSON.parse(message)]);
    expect(jobs[0]).to.deep.include({
      attempt: 1,
      status: "Error",
      route: "thumbnails",
      recipe: "thumbnail",
      outputs: [],
      outputBucket: "output",
    });
    expect(jobs[0]?.source.key).to.equal("thumbnails/a b.mp4");
    expect(jobs[0]?.error?.name).to.equal("UnsupportedFormat");
    expect(fixture.logged).to.deep.equal(["Finished job received"]);
  });

  it("returns only failed messages: those that the hook rejects, and those that are no finished job", async () => {
    const message = await publishMessage("thumbnails/a.mp4");
    const open = JSON.stringify({ ...JSON.parse(message), status: "Progressing" });

    expect(await handle(buildQueueEvent("{", open, message))).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }],
    });
    expect(jobs).to.have.length(1);

    refusal = new Error("the catalog is down");
    expect(await handle(buildQueueEvent(message))).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: "m0" }],
    });
  });
});
