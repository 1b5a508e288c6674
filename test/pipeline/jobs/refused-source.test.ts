import { expect } from "chai";
import { toJobFailure, toStoreJobFailure } from "../../../docker/ffmpeg/failures/failure.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { createSweep } from "../../../lambdas/sweep/sweep.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { reopenJob } from "../../../pipeline/jobs/operator.ts";
import { explainReadRefusal } from "../../../pipeline/jobs/source-access.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { ownerMetadataName } from "../../../pipeline/uploads/user-metadata.ts";
import { createObjectCreatedEvent, createSqsEvent } from "../../../runtime/upload-events.ts";
import { buildStoppedTask, buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

const key = "a.mkv";
const reader = { role: "films-dev-router", stage: "dev" };

describe("an upload that may not be read", () => {
  let fixture: JobFixture;
  beforeEach(async () => {
    fixture = await openJobFixture({ maxSourceBytes: 5000 });
  });
  afterEach(() => fixture.close());

  const refuse = (kind: StoreFailure["kind"] = "denied"): void =>
    fixture.fail("objects.head", new StoreFailure(kind, `Reading the metadata of ${key} failed: 403.`));
  const claim = () =>
    claimUpload({ ...fixture.ports, reader }, buildUploadEvent(key), { triggers: "lambda" });
  const readJob = async (): Promise<Job> => {
    const [job, ...others] = await fixture.ports.jobs.findBySource("input", key);
    if (job === undefined || others.length > 0) throw new Error("not exactly one job");
    return job;
  };
  /** Retries the job as an operator does; the reconciler starts it. */
  const retry = async (): Promise<Job> => {
    await reopenJob(fixture.ports, (await readJob()).id, { force: false });
    fixture.advanceClock(61);
    await createReconciler({ ...fixture.ports, reader })();
    return readJob();
  };

  it("gets a job with the reason, the role and the fix, and one notification", async () => {
    refuse();
    expect((await claim()).kind).to.equal("claimed");
    const job = await readJob();
    expect({ status: job.status, error: job.error, route: job.route }).to.deep.equal({
      status: "Error",
      route: "ladder",
      error: {
        code: 3003,
        name: "NoReadPermission",
        message: `Reading the metadata of a.mkv failed: 403. Allow the role films-dev-router to read a.mkv in the policy of the bucket input. If a KMS key of your own encrypts it, allow the role kms:Decrypt in the key's policy, add the key to mediaKmsKeyArns and deploy. Then run: npx reelway retry ${job.id} --stage dev`,
        retryable: true,
      },
    });
    expect((await claim()).kind).to.equal("duplicate");
    expect({ started: fixture.started.size, published: fixture.published.length }).to.eql({
      started: 0,
      published: 1,
    });
    expect(fixture.counted).to.include("JobsFailed");
  });

  for (const [kind, code, repair] of [
    ["archived", 3003, "aws s3api restore-object"],
    ["bucket-not-found", 3005, "Create the bucket input"],
  ] as const)
    it(`says what to do if it is ${kind}`, async () => {
      refuse(kind);
      await claim();
      const { error } = await readJob();
      expect([error?.code, error?.retryable]).to.eql([code, true]);
      expect(error?.message).to.include(repair).and.include("--stage dev");
    });

  it("does not fail its message, so that it never reaches the dead-letter queue", async () => {
    refuse();
    const upload = createObjectCreatedEvent({ ...buildUploadEvent(key), etag: '"e"', metadata: {} });
    const event = createSqsEvent("message", upload);
    expect(await createRouter(fixture.ports)(event)).to.deep.equal({ batchItemFailures: [] });
    expect((await readJob()).status).to.equal("Error");
  });

  it("fails its message for a transient failure, without a job", async () => {
    refuse("transient");
    expect(await claim().catch((cause: unknown) => cause)).to.include({ kind: "transient" });
    expect(await fixture.ports.jobs.findBySource("input", key)).to.eql([]);
  });

  it("is claimed by one sweep, not by each", async () => {
    const { bytes, etag, modifiedAt, versionId } = buildUploadEvent(key);
    fixture.versions.push({ key, bytes, etag, versionId, modifiedAt, isLatest: true });
    fixture.advanceClock(3600);
    refuse();
    const sweep = createSweep(fixture.ports);
    expect([await sweep(), await sweep()]).to.eql([
      { seen: 1, claimed: 1, failed: 0 },
      { seen: 1, claimed: 0, failed: 0 },
    ]);
    expect((await readJob()).error?.code).to.equal(3003);
  });

  it("starts after a retry with its metadata, once it may be read", async () => {
    refuse();
    await claim();
    fixture.heads.set(`input/${key}`, {
      bucket: "input",
      key,
      etag: '"e"',
      bytes: 1000,
      modifiedAt: "2026-11-21T03:00:00.000Z",
      metadata: { watermark: "a.png", [ownerMetadataName]: "user-1" },
    });
    const job = await retry();
    expect([...fixture.started.keys()]).to.eql([`${job.id}-2`]);
    expect({ status: job.status, ownerId: job.ownerId, metadata: job.specification?.metadata }).to.eql({
      status: "Submitted",
      ownerId: "user-1",
      metadata: { watermark: "a.png" },
    });
    expect(job.specification).not.to.have.property("isMetadataUnknown");
  });

  it("ends again if it still may not be read", async () => {
    refuse();
    await claim();
    refuse();
    const job = await retry();
    expect({ status: job.status, attempt: job.attempt, code: job.error?.code }).to.eql({
      status: "Error",
      attempt: 2,
      code: 3003,
    });
    expect(fixture.started.size).to.equal(0);
  });

  it("waits if its metadata cannot be read for now", async () => {
    refuse();
    await claim();
    refuse("transient");
    const job = await retry();
    expect({ status: job.status, cause: job.deferral?.cause }).to.eql({
      status: "Submitted",
      cause: "unknown",
    });
    expect(fixture.started.size).to.equal(0);
  });

  it("ends if it is gone", async () => {
    refuse();
    await claim();
    fixture.removedKeys.add(`input/${key}`);
    expect((await retry()).error?.code).to.equal(3001);
  });

  it("is not tried again by itself after a worker was refused", async () => {
    await claim();
    const { id } = await readJob();
    const { jobs } = fixture.ports;
    await jobs.begin(id, 1, "worker");
    const failure = toStoreJobFailure("source", "Reading", new StoreFailure("archived", "Not restored"));
    await jobs.recordReport(id, 1, "worker", { outputs: [], warnings: [], error: failure.toJobError() });
    await handleTaskStateChange(fixture.ports, buildStoppedTask(id, 1, { exitCode: 75 }));
    const job = await readJob();
    expect({ status: job.status, attempt: job.attempt, retryable: job.error?.retryable }).to.eql({
      status: "Error",
      attempt: 1,
      retryable: true,
    });
  });

  it("is explained by the worker too, but not for jobs of the transcoder's clients", () => {
    const refused = toStoreJobFailure("source", "Reading", new StoreFailure("denied", "Access Denied"));
    const source = buildUploadEvent(key);
    const explain = (ownership: Parameters<typeof explainReadRefusal>[0]["ownership"]) =>
      toJobFailure(explainReadRefusal({ source, ownership }, refused, reader), "/scratch").message;
    expect(explain({ kind: "source", job: "job-1", route: "web", source: "0" })).to.include(
      "retry job-1 --stage dev",
    );
    expect(explain({ kind: "strict", job: "1795-abc" })).to.equal(refused.message);
  });

  it("is a permanent error of outputs", () => {
    const failure = toStoreJobFailure("output", "Writing", new StoreFailure("denied", "Access Denied"));
    expect([failure.code, failure.retryable]).to.eql([3004, false]);
  });
});
