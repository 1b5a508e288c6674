import { expect } from "chai";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { openWorld, uploaded, type World } from "./world.ts";

describe("claimUpload", () => {
  let world: World;
  const claim = (key: string, versionId?: string) =>
    claimUpload(world.ports, uploaded(key, versionId), { triggers: "lambda" });
  const stored = async (key: string): Promise<Job> => {
    const [job] = await world.ports.jobs.findBySource("input", key);
    if (job === undefined) throw new Error(`no job of ${key}`);
    return job;
  };

  beforeEach(async () => {
    world = await openWorld({ maxJobsPerHour: 2, maxSourceBytes: 5000 });
  });
  afterEach(() => world.close());

  it("claims an upload and starts a worker for it", async () => {
    const { kind } = await claim("a.mkv");
    const job = await stored("a.mkv");
    expect(kind).to.equal("claimed");
    expect([...world.started.values()]).to.eql([
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

  it("creates a transcoder job with all that makes it idempotent", async () => {
    await claim("a.mp4");
    const job = await stored("a.mp4");
    expect([...world.created.values()]).to.eql([
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

  it("leaves metadata out that the transcoder would refuse", async () => {
    await claim("a.mp4", "v".repeat(300));
    expect([...world.created.values()][0]?.userMetadata).not.to.have.property("reelway-version");
  });

  it("does nothing for a duplicate", async () => {
    await claim("a.mkv");
    world.started.clear();
    const again = await claim("a.mkv");
    expect([again.kind, world.started.size]).to.eql(["duplicate", 0]);
  });

  it("makes one job of duplicates at the same time", async () => {
    const kinds = (await Promise.all(Array.from({ length: 8 }, () => claim("a.mkv")))).map(
      ({ kind }) => kind,
    );
    expect(kinds.filter((kind) => kind === "claimed")).to.have.length.at.most(1);
    expect(await world.ports.jobs.findBySource("input", "a.mkv")).to.have.length(1);
    expect(world.started.size).to.equal(1);
  });

  it("makes no job of assets, and leaves routes alone that EventBridge starts", async () => {
    expect([(await claim("a.srt")).kind, (await claim("images/a.png")).kind]).to.eql(["ignored", "skipped"]);
    expect(await world.ports.jobs.findBySource("input", "images/a.png")).to.eql([]);
  });

  it("takes every route for the sweep", async () => {
    const taken = await claimUpload(world.ports, uploaded("images/a.png"), { triggers: "all" });
    expect({ kind: taken.kind, route: (await stored("images/a.png")).route }).to.eql({
      kind: "claimed",
      route: "images",
    });
  });

  it("ends an upload without a route as an Error that lists what is accepted, and tells of it", async () => {
    await claim("responses/a.txt");
    const job = await stored("responses/a.txt");
    expect({ status: job.status, route: job.route, engine: job.engine, code: job.error?.code }).to.eql({
      status: "Error",
      route: null,
      engine: null,
      code: 4000,
    });
    expect(job.error?.message).to.include("under responses/ these extensions are accepted: mov, mp4, webm");
    expect(world.published.map(({ id }) => id)).to.eql([`${job.id}-1`]);
    expect(job.notifiedAt).to.be.a("string");
    await claim("responses/a.txt");
    expect(world.counted).to.eql(["JobsClosed", "JobsFailed"]);
  });

  it("ends an upload over the size limit as an Error before anything is spent", async () => {
    await claimUpload(world.ports, { ...uploaded("a.mkv"), bytes: 5001 }, { triggers: "lambda" });
    const job = await stored("a.mkv");
    expect({ status: job.status, code: job.error?.code, size: world.started.size }).to.eql({
      status: "Error",
      code: 4005,
      size: 0,
    });
    expect(job.error?.message).to.include("maxSourceBytes");
  });

  it("ends an upload with a too long output key as an Error that says so", async () => {
    const key = `${"a".repeat(1015)}.mkv`;
    await claim(key);
    const job = await stored(key);
    expect({ status: job.status, code: job.error?.code }).to.eql({ status: "Error", code: 1000 });
    expect(job.error?.message).to.include("S3 allows 1024");
  });

  it("ends an upload over the hourly limit as an Error that can be retried, duplicates not counted", async () => {
    for (const key of ["a.mkv", "a.mkv", "b.mkv", "a.mkv", "c.mkv"]) await claim(key);
    const refused = await stored("c.mkv");
    expect(world.started.size).to.equal(2);
    expect({ status: refused.status, code: refused.error?.code, retryable: refused.error?.retryable }).to.eql(
      { status: "Error", code: 4005, retryable: true },
    );
    expect(refused.error?.message).to.include("limit of 2 jobs per hour (maxJobsPerHour)");
    expect(refused.specification?.outputKeys).to.eql(["output/c.mkv/"]);
    world.pass(3600);
    await claim("d.mkv");
    expect((await stored("d.mkv")).status).to.equal("Submitted");
  });

  it("reads the uploader's metadata only where a recipe asks for it", async () => {
    const metadata = { watermark: "watermarks/other.png" };
    const head = {
      bucket: "input",
      key: "unprocessed-videos/a.mp4",
      etag: "e",
      bytes: 1,
      modifiedAt: "",
      metadata,
    };
    world.heads.set("input/unprocessed-videos/a.mp4", head);
    world.heads.set("input/a.mkv", { ...head, key: "a.mkv" });
    await claim("unprocessed-videos/a.mp4");
    await claim("a.mkv");
    expect((await stored("unprocessed-videos/a.mp4")).specification?.metadata).to.eql(metadata);
    expect((await stored("a.mkv")).specification?.metadata).to.eql({});
  });

  it("claims a watermarked upload that is gone already without its metadata", async () => {
    await claim("unprocessed-videos/a.mp4");
    expect((await stored("unprocessed-videos/a.mp4")).specification?.metadata).to.eql({});
  });

  it("rejects where another delivery may start it, and that one does", async () => {
    world.fail("tasks.run", new TaskNotStarted("throttled", { retryable: true, isThrottled: true }));
    const failure = await claim("a.mkv").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TaskNotStarted);
    expect(world.counted).to.eql(["TasksThrottled"]);
    expect((await claim("a.mkv")).kind).to.equal("duplicate");
    expect((await stored("a.mkv")).engineJobId).to.be.a("string");
  });

  it("ends a job that can never start as an Error", async () => {
    world.fail("tasks.run", new TaskNotStarted("no such cluster", { retryable: false }));
    await claim("a.mkv");
    const job = await stored("a.mkv");
    expect({ status: job.status, code: job.error?.code }).to.eql({ status: "Error", code: 1001 });
    expect(job.error?.message).to.include("no such cluster");
    expect(world.published).to.have.length(1);
  });

  it("ends a job that the transcoder's store denies as an Error, and tries again what nobody can name", async () => {
    world.fail("transcoder.createJob", new StoreFailure("denied", "no permission"));
    await claim("a.mp4");
    expect((await stored("a.mp4")).error?.message).to.include("no permission");
    world.fail("transcoder.createJob", new StoreFailure("unknown", "odd"));
    const failure = await claim("b.mp4").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(StoreFailure);
    expect((await stored("b.mp4")).status).to.equal("Submitted");
  });

  it("stops what it started for a job that was cancelled meanwhile", async () => {
    world.fail("jobs.recordStart", new Error("crash"));
    await claim("a.mkv").catch(() => undefined);
    const job = await stored("a.mkv");
    const { run } = world.ports.tasks;
    const tasks = {
      ...world.ports.tasks,
      run: async (request: Parameters<typeof run>[0]) => {
        await world.ports.jobs.cancel(job.id, "changed my mind");
        return run(request);
      },
    };
    await claimUpload({ ...world.ports, tasks }, uploaded("a.mkv"), { triggers: "lambda" });
    expect(world.stopped).to.eql([`task/${job.id}-1`]);
  });
});
