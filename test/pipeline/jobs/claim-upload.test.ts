import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

describe("claimUpload", () => {
  let fixture: JobFixture;
  const claim = (key: string, versionId?: string) =>
    claimUpload(fixture.ports, buildUploadEvent(key, versionId), { triggers: "lambda" });
  const readStoredJob = async (key: string): Promise<Job> => {
    const [job] = await fixture.ports.jobs.findBySource("input", key);
    if (job === undefined) throw new Error(`no job of ${key}`);
    return job;
  };

  beforeEach(async () => {
    fixture = await openJobFixture({ maxJobsPerHour: 2, maxSourceBytes: 5000 });
  });
  afterEach(() => fixture.close());

  it("claims an upload and starts a worker for it", async () => {
    const { kind } = await claim("a.mkv");
    const job = await readStoredJob("a.mkv");
    expect(kind).to.equal("claimed");
    expect([...fixture.started.values()]).to.eql([
      {
        clientToken: `${job.id}-1`,
        environment: { JOB_ID: job.id, JOB_TABLE: "reelway-jobs", JOB_ATTEMPT: "1" },
        size: { cpu: 4096, memory: 8192 },
      },
    ]);
    expect({ status: job.status, route: job.route, recipe: job.recipe, engineJobId: job.engineJobId }).to.eql(
      {
        status: "Submitted",
        route: "ladder",
        recipe: "ladder",
        engineJobId: `task/${job.id}-1`,
      },
    );
    expect(job.specification?.outputKeys).to.eql(["output/a.mkv/"]);
  });

  it("creates a transcoder job with its idempotency metadata", async () => {
    await claim("a.mp4");
    const job = await readStoredJob("a.mp4");
    expect([...fixture.created.values()]).to.eql([
      {
        pipelineId: "1111111111111-reelwy",
        inputKey: "a.mp4",
        outputKey: "output/web/a.mp4",
        presetId: "1351620000001-100070",
        userMetadata: {
          "reelway-job": job.id,
          "reelway-attempt": "1",
          "reelway-route": "web",
          "reelway-version": "v1",
          "reelway-sequencer": "0A",
          "reelway-modified": "2026-11-21T03:00:00.000Z",
        },
      },
    ]);
    expect(job.engineJobId).to.equal(`transcoder/${job.id}-1`);
  });

  it("omits metadata that the transcoder would reject", async () => {
    await claim("a.mp4", "v".repeat(300));
    expect([...fixture.created.values()][0]?.userMetadata).not.to.have.property("reelway-version");
  });

  it("ignores a duplicate", async () => {
    await claim("a.mkv");
    fixture.started.clear();
    const again = await claim("a.mkv");
    expect([again.kind, fixture.started.size]).to.eql(["duplicate", 0]);
  });

  it("creates one job for concurrent duplicates", async () => {
    const kinds = (await Promise.all(Array.from({ length: 8 }, () => claim("a.mkv")))).map(
      ({ kind }) => kind,
    );
    expect(kinds.filter((kind) => kind === "claimed")).to.have.length.at.most(1);
    expect(await fixture.ports.jobs.findBySource("input", "a.mkv")).to.have.length(1);
    expect(fixture.started.size).to.equal(1);
  });

  it("creates no job for assets and direct routes", async () => {
    expect([(await claim("a.srt")).kind, (await claim("images/a.png")).kind]).to.eql(["ignored", "skipped"]);
    expect(await fixture.ports.jobs.findBySource("input", "images/a.png")).to.eql([]);
  });

  it("claims every route for the sweep", async () => {
    const sweepClaim = await claimUpload(fixture.ports, buildUploadEvent("images/a.png"), {
      triggers: "all",
    });
    expect({ kind: sweepClaim.kind, route: (await readStoredJob("images/a.png")).route }).to.eql({
      kind: "claimed",
      route: "images",
    });
  });

  it("ends an upload without a route as Error, lists accepted extensions and notifies", async () => {
    await claim("responses/a.txt");
    const job = await readStoredJob("responses/a.txt");
    expect({ status: job.status, route: job.route, engine: job.engine, code: job.error?.code }).to.eql({
      status: "Error",
      route: null,
      engine: null,
      code: 4000,
    });
    expect(job.error?.message).to.include("under responses/ these extensions are accepted: mov, mp4, webm");
    expect(fixture.published.map(({ id }) => id)).to.eql([`${job.id}-1`]);
    expect(job.notifiedAt).to.be.a("string");
    await claim("responses/a.txt");
    expect(fixture.counted).to.eql(["JobsClosed", "JobsFailed"]);
  });

  it("ends an upload over the size limit as Error before any cost", async () => {
    await claimUpload(fixture.ports, { ...buildUploadEvent("a.mkv"), bytes: 5001 }, { triggers: "lambda" });
    const job = await readStoredJob("a.mkv");
    expect({ status: job.status, code: job.error?.code, size: fixture.started.size }).to.eql({
      status: "Error",
      code: 4005,
      size: 0,
    });
    expect(job.error?.message).to.include("maxSourceBytes");
  });

  it("ends an upload with a too long output key as Error", async () => {
    const key = `${"a".repeat(1015)}.mkv`;
    await claim(key);
    const job = await readStoredJob(key);
    expect({ status: job.status, code: job.error?.code }).to.eql({ status: "Error", code: 1000 });
    expect(job.error?.message).to.include("S3 allows 1024");
  });

  it("leaves an upload over the hourly limit to a later hour, not counting duplicates", async () => {
    const reconcile = () => {
      for (const token of fixture.started.keys())
        fixture.tasks.set(`task/${token}`, { taskId: `task/${token}`, status: "Running", environment: {} });
      return createReconciler(fixture.ports)();
    };
    for (const key of ["a.mkv", "a.mkv", "b.mkv", "a.mkv", "c.mkv", "d.mkv"]) await claim(key);
    expect(fixture.started.size).to.equal(2);
    const [over, next] = [await readStoredJob("c.mkv"), await readStoredJob("d.mkv")];
    expect(over).to.deep.include({ status: "Submitted", notBefore: "2026-11-21T04:00:00.000Z" });
    expect(over.deferral).to.eql({
      cause: "hourly-limit",
      reason: "The limit of 2 jobs per hour (maxJobsPerHour) is reached.",
      count: 0,
    });
    expect(over.specification?.outputKeys).to.eql(["output/c.mkv/"]);
    // It waits for its turn without a count of the hour.
    expect(next.deferral?.cause).to.equal("turn");
    fixture.advanceClock(3600);
    await claim("e.mkv");
    expect((await readStoredJob("e.mkv")).deferral?.cause).to.equal("turn");
    expect((await reconcile()).started).to.equal(2);
    expect([...fixture.started.keys()].slice(2)).to.eql([`${over.id}-1`, `${next.id}-1`]);
    fixture.advanceClock(3600);
    await reconcile();
    expect((await readStoredJob("e.mkv")).engineJobId).to.be.a("string");
    // No job waits any more: the next upload starts at once.
    fixture.advanceClock(61);
    await reconcile();
    await claim("f.mkv");
    expect((await readStoredJob("f.mkv")).engineJobId).to.be.a("string");
  });

  it("records the owner and the uploader's metadata, also of an upload over a limit or without a route", async () => {
    const metadata = { watermark: "watermarks/other.png", "reelway-owner": "ann", "reelway-other": "x" };
    for (const key of ["a.mkv", "b.mkv", "c.mkv", "responses/a.txt"])
      fixture.heads.set(`input/${key}`, {
        bucket: "input",
        key,
        etag: "e",
        bytes: 1,
        modifiedAt: "",
        metadata,
      });
    for (const key of ["a.mkv", "b.mkv", "c.mkv", "responses/a.txt", "images/d.png"])
      await claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "all" });

    const job = await readStoredJob("a.mkv");
    expect(job.ownerId).to.equal("ann");
    expect(job.specification?.metadata).to.eql({ watermark: "watermarks/other.png" });
    expect(await readStoredJob("c.mkv")).to.include({ ownerId: "ann", status: "Submitted" });
    expect(await readStoredJob("responses/a.txt")).to.include({ ownerId: "ann", status: "Error" });
    expect(await readStoredJob("images/d.png")).to.not.have.property("ownerId");
  });

  it("creates no job for an upload that no longer exists, however its event is delivered", async () => {
    fixture.removedKeys.add("input/a.mkv");
    expect((await claim("a.mkv")).kind).to.equal("removed");
    expect(await fixture.ports.jobs.findBySource("input", "a.mkv")).to.eql([]);
    expect([fixture.started.size, fixture.published.length]).to.eql([0, 0]);
  });

  it("defers a job whose start is throttled, and newer jobs of its route", async () => {
    fixture.fail("tasks.run", new TaskNotStarted("throttled", "rate"));
    await claim("a.mkv");
    await claim("b.mkv");
    expect(fixture.counted).to.eql(["TasksThrottled", "JobsDeferred", "JobsDeferred"]);
    expect([fixture.started.size, (await readStoredJob("b.mkv")).deferral?.cause]).to.eql([0, "turn"]);
    expect((await createReconciler(fixture.ports)()).started).to.equal(2);
    expect((await readStoredJob("a.mkv")).engineJobId).to.be.a("string");
  });

  it("ends a job that can never be started as Error", async () => {
    fixture.fail("tasks.run", new TaskNotStarted("too many characters", "invalid-request"));
    await claim("a.mkv");
    const job = await readStoredJob("a.mkv");
    expect({ status: job.status, code: job.error?.code }).to.eql({ status: "Error", code: 1001 });
    expect(job.error?.message).to.include("too many characters");
    expect(fixture.published).to.have.length(1);
  });

  for (const [method, cause, refusal] of [
    ["tasks.run", new TaskNotStarted("no such cluster", "unknown"), "unknown"],
    ["tasks.run", new TaskNotStarted("TaskDefinition is inactive", "definition"), "definition"],
    ["tasks.run", new Error("odd"), "unknown"],
    ["transcoder.createJob", new StoreFailure("denied", "no permission"), "permission"],
    ["transcoder.createJob", new StoreFailure("unknown", "odd"), "unknown"],
    ["transcoder.createJob", new StoreFailure("transient", "the connection was reset"), "unknown"],
  ] as const)
    it(`defers a job after ${cause.name}: ${cause.message}`, async () => {
      const key = method === "tasks.run" ? "a.mkv" : "a.mp4";
      fixture.fail(method, cause);
      await claim(key);
      const job = await readStoredJob(key);
      expect([job.status, job.attempt, job.deferral?.cause]).to.eql(["Submitted", 1, refusal]);
      expect(job.deferral).to.include({ reason: cause.message, since: "2026-11-21T03:00:00.000Z", count: 1 });
      const delayMs = Date.parse(job.notBefore ?? "") - Date.parse("2026-11-21T03:00:00.000Z");
      expect(delayMs).to.be.within(22_500, 37_500);
      fixture.advanceClock(38);
      expect((await createReconciler(fixture.ports)()).started).to.equal(1);
    });

  it("stops what it started for a job canceled meanwhile", async () => {
    fixture.fail("jobs.recordStart", new Error("crash"));
    await claim("a.mkv").catch(() => undefined);
    const job = await readStoredJob("a.mkv");
    const { run } = fixture.ports.tasks;
    const tasks = {
      ...fixture.ports.tasks,
      run: async (request: Parameters<typeof run>[0]) => {
        await fixture.ports.jobs.cancel(job.id, "changed my mind");
        return run(request);
      },
    };
    await claimUpload({ ...fixture.ports, tasks }, buildUploadEvent("a.mkv"), { triggers: "lambda" });
    expect(fixture.stopped).to.eql([`task/${job.id}-1`]);
  });
});
