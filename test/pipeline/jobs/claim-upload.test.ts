import { expect } from "chai";
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

  it("ends an upload over the hourly limit as a retryable Error, not counting duplicates", async () => {
    for (const key of ["a.mkv", "a.mkv", "b.mkv", "a.mkv", "c.mkv"]) await claim(key);
    const refused = await readStoredJob("c.mkv");
    expect(fixture.started.size).to.equal(2);
    expect({ status: refused.status, code: refused.error?.code, retryable: refused.error?.retryable }).to.eql(
      { status: "Error", code: 4005, retryable: true },
    );
    expect(refused.error?.message).to.include("limit of 2 jobs per hour (maxJobsPerHour)");
    expect(refused.specification?.outputKeys).to.eql(["output/c.mkv/"]);
    fixture.advanceClock(3600);
    await claim("d.mkv");
    expect((await readStoredJob("d.mkv")).status).to.equal("Submitted");
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
    for (const key of ["c.mkv", "responses/a.txt"])
      expect(await readStoredJob(key), key).to.include({ ownerId: "ann", status: "Error" });
    expect(await readStoredJob("images/d.png")).to.not.have.property("ownerId");
  });

  it("creates no job for an upload that no longer exists, however its event is delivered", async () => {
    fixture.removedKeys.add("input/a.mkv");
    expect((await claim("a.mkv")).kind).to.equal("removed");
    expect(await fixture.ports.jobs.findBySource("input", "a.mkv")).to.eql([]);
    expect([fixture.started.size, fixture.published.length]).to.eql([0, 0]);
  });

  it("rejects a transient start failure, which the next delivery retries", async () => {
    fixture.fail("tasks.run", new TaskNotStarted("throttled", { retryable: true, isThrottled: true }));
    const failure = await claim("a.mkv").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TaskNotStarted);
    expect(fixture.counted).to.eql(["TasksThrottled"]);
    expect((await claim("a.mkv")).kind).to.equal("duplicate");
    expect((await readStoredJob("a.mkv")).engineJobId).to.be.a("string");
  });

  it("ends a job with a permanent start failure as Error", async () => {
    fixture.fail("tasks.run", new TaskNotStarted("no such cluster", { retryable: false }));
    await claim("a.mkv");
    const job = await readStoredJob("a.mkv");
    expect({ status: job.status, code: job.error?.code }).to.eql({ status: "Error", code: 1001 });
    expect(job.error?.message).to.include("no such cluster");
    expect(fixture.published).to.have.length(1);
  });

  it("ends a job denied by the transcoder's store as Error, and retries unknown failures", async () => {
    fixture.fail("transcoder.createJob", new StoreFailure("denied", "no permission"));
    await claim("a.mp4");
    expect((await readStoredJob("a.mp4")).error?.message).to.include("no permission");
    fixture.fail("transcoder.createJob", new StoreFailure("unknown", "odd"));
    const failure = await claim("b.mp4").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(StoreFailure);
    expect((await readStoredJob("b.mp4")).status).to.equal("Submitted");
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
