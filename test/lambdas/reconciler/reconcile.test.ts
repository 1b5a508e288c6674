import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { openWorld, stoppedTask, uploaded, type World } from "../../pipeline/jobs/world.ts";

const nothing = { started: 0, reconciled: 0, resent: 0, failed: 0 };

describe("the reconciler", () => {
  let world: World;
  const reconcile = () => createReconciler(world.ports)();
  const claimed = async (key: string): Promise<Job> => {
    await claimUpload(world.ports, uploaded(key), { triggers: "all" }).catch(() => undefined);
    const [job] = await world.ports.jobs.findBySource("input", key);
    if (job === undefined) throw new Error("no job");
    return job;
  };
  const unstarted = (key: string) => {
    world.fail("tasks.run", new Error("crash"));
    return claimed(key);
  };
  const now = async (job: Job): Promise<Job> => {
    const read = await world.ports.jobs.read(job.id);
    if (read === undefined) throw new Error("gone");
    return read;
  };

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("leaves young and healthy jobs alone", async () => {
    await claimed("a.mkv");
    await unstarted("b.mkv");
    expect(await reconcile()).to.eql(nothing);
  });

  it("starts a retried attempt once its time has come", async () => {
    const job = await claimed("a.mkv");
    await world.ports.jobs.scheduleNextAttempt(job.id, 1, "2026-11-21T03:00:30.000Z", "again");
    world.pass(29);
    expect((await reconcile()).started).to.equal(0);
    world.pass(1);
    expect((await reconcile()).started).to.equal(1);
    expect((await now(job)).engineJobId).to.equal(`task/${job.id}-2`);
  });

  it("reports a start that fails and tries it again", async () => {
    await unstarted("a.mkv");
    world.pass(61);
    world.fail("tasks.run", new TaskNotStarted("throttled", { retryable: true }));
    expect(await reconcile()).to.eql({ ...nothing, failed: 1 });
    expect((await reconcile()).started).to.equal(1);
  });

  it("gives up a job that nothing could start for 23 hours", async () => {
    const job = await unstarted("a.mkv");
    world.pass(23 * 3600);
    await reconcile();
    const ended = await now(job);
    expect({ status: ended.status, code: ended.error?.code, retryable: ended.error?.retryable }).to.eql({
      status: "Error",
      code: 1001,
      retryable: true,
    });
    expect(ended.error?.message).to.include("could not be started for 23 hours");
    expect({ size: world.started.size, length: world.published.length }).to.eql({ size: 0, length: 1 });
  });

  it("settles a job whose task stopped without its event", async () => {
    const job = await claimed("a.mkv");
    world.tasks.set(`task/${job.id}-1`, stoppedTask(job.id, 1, { exitCode: 65 }));
    world.pass(61);
    expect((await reconcile()).reconciled).to.equal(1);
    expect((await now(job)).status).to.equal("Error");
  });

  it("takes a vanished task's report, and tries again where there is none", async () => {
    const reported = await claimed("a.mkv");
    const silent = await claimed("b.mkv");
    await world.ports.jobs.begin(reported.id, 1, "w");
    await world.ports.jobs.recordReport(reported.id, 1, "w", { outputs: [], warnings: [] });
    world.pass(299);
    expect((await reconcile()).reconciled).to.equal(0);
    world.pass(1);
    expect((await reconcile()).reconciled).to.equal(2);
    expect([(await now(reported)).status, (await now(silent)).attempt]).to.eql(["Complete", 2]);
    expect((await now(silent)).history.at(-1)?.detail).to.include("no longer exists and wrote no report");
  });

  it("stops a worker that has been silent for 15 minutes", async () => {
    const job = await claimed("a.mkv");
    world.tasks.set(`task/${job.id}-1`, stoppedTask(job.id, 1, { status: "Running" }));
    world.pass(899);
    await reconcile();
    expect(world.stopped).to.eql([]);
    world.pass(1);
    await reconcile();
    expect(world.stopped).to.eql([`task/${job.id}-1`]);
  });

  it("settles a worker whose start was never recorded by its silence", async () => {
    const silent = await unstarted("a.mkv");
    const reported = await unstarted("b.mkv");
    for (const { id } of [silent, reported]) await world.ports.jobs.begin(id, 1, "w");
    await world.ports.jobs.recordReport(reported.id, 1, "w", { outputs: [], warnings: [] });
    world.pass(899);
    expect((await reconcile()).reconciled).to.equal(0);
    world.pass(1);
    expect((await reconcile()).reconciled).to.equal(2);
    expect([(await now(silent)).attempt, (await now(reported)).status]).to.eql([2, "Complete"]);
  });

  it("asks the transcoder for a job whose notification was lost", async () => {
    const job = await claimed("a.mp4");
    const engineJobId = `transcoder/${job.id}-1`;
    const state = (status: "Submitted" | "Progressing" | "Complete") =>
      world.transcoderJobs.set(engineJobId, {
        id: engineJobId,
        status,
        outputs: [{ key: "output/web/a.mp4", status, bytes: 4 }],
        userMetadata: {},
      });
    state("Submitted");
    world.pass(61);
    expect((await reconcile()).reconciled).to.equal(0);
    state("Progressing");
    expect((await reconcile()).reconciled).to.equal(1);
    expect((await now(job)).status).to.equal("Progressing");
    state("Complete");
    world.pass(61);
    await reconcile();
    expect((await now(job)).outputs).to.eql([{ key: "output/web/a.mp4", bytes: 4 }]);
  });

  it("takes the transcoder's cancellation over", async () => {
    const job = await claimed("a.mp4");
    const engineJobId = `transcoder/${job.id}-1`;
    world.transcoderJobs.set(engineJobId, {
      id: engineJobId,
      status: "Canceled",
      outputs: [],
      userMetadata: {},
    });
    world.pass(61);
    await reconcile();
    expect((await now(job)).status).to.equal("Canceled");
  });

  it("tries again where the transcoder no longer knows the job", async () => {
    const job = await claimed("a.mp4");
    world.pass(61);
    await reconcile();
    expect((await now(job)).attempt).to.equal(2);
  });

  it("handles the other jobs where one fails", async () => {
    const [one, other] = [await claimed("a.mp4"), await claimed("b.mp4")];
    world.pass(61);
    world.fail("transcoder.readJob", new StoreFailure("transient", "busy"));
    expect(await reconcile()).to.eql({ ...nothing, reconciled: 1, failed: 1 });
    expect([(await now(one)).attempt, (await now(other)).attempt].sort()).to.eql([1, 2]);
  });

  it("describes more tasks than one call takes", async () => {
    const jobs: Job[] = [];
    for (let index = 0; index < 101; index += 1) jobs.push(await claimed(`${index}.mkv`));
    for (const { id } of jobs) world.tasks.set(`task/${id}-1`, stoppedTask(id, 1, { exitCode: 65 }));
    world.pass(61);
    expect((await reconcile()).reconciled).to.equal(101);
  });

  it("sends a message again that was not marked, once its winner had its time", async () => {
    world.fail("notifier.publish", new Error("no topic"));
    const job = await claimed("a.txt");
    expect((await reconcile()).resent).to.equal(0);
    world.pass(61);
    expect((await reconcile()).resent).to.equal(1);
    expect(world.published.map(({ id }) => id)).to.eql([`${job.id}-1`]);
    expect((await now(job)).notifiedAt).to.be.a("string");
  });
});
