import { expect } from "chai";
import { createDirectAttemptStore } from "../../docker/ffmpeg/attempt-store/direct-attempt-store.ts";
import { createReconciler } from "../../lambdas/reconciler/reconcile.ts";
import { createSweep } from "../../lambdas/sweep/sweep.ts";
import { handleTaskStateChange } from "../../pipeline/jobs/handle-task-state-change.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { reopenJob } from "../../pipeline/jobs/operator.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { type JobFixture, openJobFixture } from "../pipeline/jobs/job-fixture.ts";

const key = "images/a.png";
const uploadedAt = "2026-11-21T02:00:00.000Z";
const environment = {
  ROUTE: "images",
  SOURCE_BUCKET: "input",
  SOURCE_KEY: key,
  SOURCE_VERSION: "v1",
  OUTPUT_BUCKET: "output",
  INPUT_BUCKET: "input",
};
const id = computeJobId({ bucket: "input", key, versionId: "v1" }, "images");
const crash = () => Promise.reject(new Error("crash"));
type Method = "read" | "takeHourlySlot" | "claim" | "begin" | "recordStart";

/** A worker that EventBridge starts claims its job itself (docs/decisions/0009-direct-eventbridge-routes.md). */
describe("a directly started worker that dies between claim, start and record", () => {
  let fixture: JobFixture;

  beforeEach(async () => {
    fixture = await openJobFixture();
    const object = { key, etag: '"e"', bytes: 1000, modifiedAt: uploadedAt, versionId: "v1" };
    fixture.heads.set(`input/${key}`, { ...object, bucket: "input", contentType: "image/png", metadata: {} });
    fixture.versions.push({ ...object, isLatest: true });
  });
  afterEach(() => fixture.close());

  const startWorker = (jobs: JobStore, worker: string, changed: Partial<typeof environment> = {}) =>
    createDirectAttemptStore(
      {
        store: jobs,
        objects: fixture.ports.objects,
        configuration: fixture.ports.configuration,
        clock: fixture.ports.clock,
        log: fixture.ports.log,
        metrics: fixture.ports.metrics,
        taskArn: "task/direct",
        reader: { role: "films-dev-ffmpeg-task", stage: "dev" },
      },
      { ...environment, ...changed },
    ).begin(worker);
  const reportTaskStopped = () =>
    handleTaskStateChange(fixture.ports, {
      taskId: "task/direct",
      status: "Stopped",
      stopCode: "EssentialContainerExited",
      exitCode: 137,
      environment,
    });
  const recover = async () => {
    await createSweep(fixture.ports)();
    const reconcile = createReconciler(fixture.ports);
    for (let rounds = 0, started = 0; started === 0 && rounds < 3; rounds += 1) {
      fixture.advanceClock(16 * 60);
      ({ started } = await reconcile());
    }
  };
  const expectOneStartedJob = async () => {
    const jobs = await fixture.ports.jobs.findBySource("input", key);
    expect(jobs.map((job) => [job.id, job.status])).to.deep.equal([[id, "Submitted"]]);
    const [job] = jobs;
    expect([...fixture.started.keys()]).to.deep.equal([`${id}-${job?.attempt}`]);
    expect(job?.engineJobId).to.equal(`task/${id}-${job?.attempt}`);
  };

  for (const step of ["read", "takeHourlySlot", "claim", "begin", "recordStart"] satisfies Method[])
    for (const [title, notify] of [
      ["its task's stop is reported", reportTaskStopped],
      ["nothing is reported", () => Promise.resolve()],
    ] as const)
      it(`is replaced by exactly one other at ${step}, when ${title}`, async () => {
        await startWorker({ ...fixture.ports.jobs, [step]: crash }, "first").catch(() => undefined);

        await notify();
        await recover();

        await expectOneStartedJob();
      });

  it("shares one job with a second delivery's worker", async () => {
    const [first, second] = await Promise.all([
      startWorker(fixture.ports.jobs, "first"),
      startWorker(fixture.ports.jobs, "second"),
    ]);
    expect([first, second].filter((order) => order !== undefined)).to.have.length(1);
    expect(await fixture.ports.jobs.findBySource("input", key)).to.have.length(1);
  });

  it("records that it may not read the upload, and leaves the retry to the reconciler", async () => {
    fixture.fail("objects.head", new StoreFailure("denied", "Reading the metadata failed: Access Denied"));
    expect(await startWorker(fixture.ports.jobs, "first")).to.equal(undefined);
    const refused = await fixture.ports.jobs.read(id);
    expect({ status: refused?.status, code: refused?.error?.code, attempt: refused?.attempt }).to.eql({
      status: "Error",
      code: 3003,
      attempt: 1,
    });
    expect(refused?.error?.message).to.include("policy of the bucket input").and.include(`retry ${id}`);
    expect(fixture.counted).to.include("JobsFailed");
    expect((await createSweep(fixture.ports)()).claimed).to.equal(0);

    await reopenJob(fixture.ports, id, { force: false });
    await recover();

    await expectOneStartedJob();
    expect((await fixture.ports.jobs.read(id))?.source.bytes).to.equal(1000);
  });

  it("leaves an unreadable upload without a version to the sweep", async () => {
    fixture.fail("objects.head", new StoreFailure("denied", "Access Denied"));
    const order = await startWorker(fixture.ports.jobs, "first", { SOURCE_VERSION: "" });
    expect(order).to.equal(undefined);
    expect(await fixture.ports.jobs.findBySource("input", key)).to.eql([]);
    expect(fixture.logged.at(-1)).to.include("the sweep");
  });

  it("tries again if the metadata cannot be read for now", async () => {
    fixture.fail("objects.head", new StoreFailure("transient", "Slow down"));
    const failure = await startWorker(fixture.ports.jobs, "first").catch((cause: unknown) => cause);
    expect(failure).to.include({ code: 3000, retryable: true });
    expect(await fixture.ports.jobs.findBySource("input", key)).to.eql([]);
  });

  it("ignores an upload to another bucket than the stage's input", async () => {
    const order = await startWorker(fixture.ports.jobs, "first", { INPUT_BUCKET: "another" });

    expect(order).to.equal(undefined);
    expect(await fixture.ports.jobs.findBySource("input", key)).to.deep.equal([]);
    expect(fixture.logged).to.deep.equal([
      "Ignored an event from another bucket; check the bucket in the EventBridge rule",
    ]);
  });

  for (const [title, other] of [
    ["its route does not match", "images/a.mp4"],
    ["is an asset", "images/a.json"],
    ["is a folder's marker", "images/"],
    ["another route matches", "thumbnails/a.mp4"],
  ] as const)
    it(`leaves to the router an upload that ${title}, since the rule knows the prefix only`, async () => {
      const head = fixture.heads.get(`input/${key}`);
      if (head === undefined) throw new Error("The upload is missing.");
      fixture.heads.set(`input/${other}`, { ...head, key: other });

      const order = await startWorker(fixture.ports.jobs, "first", { SOURCE_KEY: other });

      expect(order).to.equal(undefined);
      expect(await fixture.ports.jobs.findBySource("input", other)).to.deep.equal([]);
    });
});
