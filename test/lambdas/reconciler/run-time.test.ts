import { expect } from "chai";
import { createReconciler, type ReconcilerPorts } from "../../../lambdas/reconciler/reconcile.ts";
import { isTerminal } from "../../../pipeline/attempts/job-status.ts";
import { claimJob, claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import {
  buildStoppedTask,
  buildUploadEvent,
  type JobFixture,
  openJobFixture,
} from "../../pipeline/jobs/job-fixture.ts";

/** A run that is longer refuses its next invocation, which then ends in the dead-letter queue. */
const periodSeconds = 60;

describe("a run of the reconciler", function () {
  this.timeout(60_000);
  let fixture: JobFixture;
  beforeEach(async () => {
    fixture = await openJobFixture({ maxJobsPerHour: 100_000 });
  });
  afterEach(() => fixture.close());

  const claim = async (key: string): Promise<Job> => {
    await claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "all" });
    const [job] = await fixture.ports.jobs.findBySource("input", key);
    if (job === undefined) throw new Error("no job");
    return job;
  };
  /** Claims jobs without starting them. */
  const claimWaiting = async (count: number, prefix: string): Promise<void> => {
    for (let index = 0; index < count; index += 1)
      await claimJob(fixture.ports, buildUploadEvent(`${prefix}${String(index).padStart(3, "0")}.mkv`), {
        triggers: "all",
      });
  };
  /** Runs with ports of which calls take time, and returns the length of the run in seconds. */
  const run = async (change: Partial<ReconcilerPorts>) => {
    const { clock } = fixture.ports;
    const startedAt = clock.now().getTime();
    const report = await createReconciler({ ...fixture.ports, ...change })();
    return { ...report, seconds: (clock.now().getTime() - startedAt) / 1000 };
  };
  const spend = async <Result>(seconds: number, result: Promise<Result>): Promise<Result> => {
    fixture.advanceClock(seconds);
    return result;
  };

  it("ends before the next one when it closes many jobs, and still starts others; the next run goes on", async () => {
    const jobs: Job[] = [];
    for (let index = 0; index < 40; index += 1) {
      const job = await claim(`${String(index).padStart(3, "0")}.mkv`);
      await fixture.ports.jobs.begin(job.id, 1, "worker");
      fixture.tasks.set(`task/${job.id}-1`, buildStoppedTask(job.id, 1, { exitCode: 64 }));
      jobs.push(job);
    }
    await claimWaiting(3, "waiting-");
    fixture.advanceClock(120);
    const { jobs: store } = fixture.ports;
    const change = {
      jobs: {
        ...store,
        closeJob: (...args: Parameters<typeof store.closeJob>) => spend(2, store.closeJob(...args)),
      },
    };
    const first = await run(change);
    expect(first.seconds).to.be.lessThan(periodSeconds);
    expect(first.started, "jobs that wait").to.equal(3);
    expect(first.reconciled).to.be.within(10, 30);
    for (let runs = 0; runs < 4; runs += 1) expect((await run(change)).seconds).to.be.lessThan(periodSeconds);
    const closed = await Promise.all(jobs.map(({ id }) => store.read(id)));
    expect(closed.filter((job) => job !== undefined && isTerminal(job.status)).length).to.equal(40);
  });

  it("ends before the next one when a long list of jobs waits, and removes no mark of a route that it did not list", async () => {
    await claimWaiting(50, "a-");
    await fixture.ports.jobs.markBacklog("images");
    fixture.advanceClock(120);
    const { jobs: store } = fixture.ports;
    const listAll: typeof store.listAll = async function* (status) {
      for await (const job of store.listAll(status)) {
        fixture.advanceClock(1);
        yield job;
      }
    };
    const first = await run({ jobs: { ...store, listAll } });
    expect(first.seconds).to.be.lessThan(periodSeconds);
    expect(first.started).to.equal(19);
    expect(await store.hasBacklog("images")).to.equal(true);
    expect((await run({})).started).to.equal(31);
    fixture.advanceClock(60);
    await run({});
    expect(await store.hasBacklog("images"), "after a complete list").to.equal(false);
  });

  it("ends before the next one when starts or notifications are slow", async () => {
    await claimWaiting(40, "a-");
    for (const key of ["1.txt", "2.txt", "3.txt", "4.txt", "5.txt"])
      await claimJob(fixture.ports, buildUploadEvent(key), { triggers: "all" });
    fixture.advanceClock(120);
    const { tasks, notifier } = fixture.ports;
    const change = {
      tasks: { ...tasks, run: (request: Parameters<typeof tasks.run>[0]) => spend(3, tasks.run(request)) },
      notifier: {
        publish: (...args: Parameters<typeof notifier.publish>) => spend(3, notifier.publish(...args)),
      },
    };
    const first = await run(change);
    expect(first.seconds).to.be.lessThan(periodSeconds);
    expect([first.started, first.resent]).to.eql([15, 3]);
    const second = await run(change);
    expect(second.seconds).to.be.lessThan(periodSeconds);
    expect([second.started, second.resent]).to.eql([15, 2]);
  });
});
