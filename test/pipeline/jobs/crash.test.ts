import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

/** The steps of one upload, in order; a crash at one keeps those before it. */
const claimSteps = ["jobs.read", "jobs.claim", "jobs.hasBacklog", "jobs.takeHourlySlot", "jobs.recordSlot"];
const steps = {
  "a.mkv": [...claimSteps, "taskStarts.take", "jobs.recordStart"],
  "a.mp4": [...claimSteps, "jobs.recordStart"],
  "unprocessed-videos/a.mp4": ["objects.head"],
} as const;
/** The steps after the claim. */
const isStartStep = (step: string): boolean =>
  /hasBacklog|takeHourlySlot|recordSlot|take$|recordStart/.test(step);

describe("a crash between two steps of an upload", () => {
  let fixture: JobFixture;
  const claim = (key: string) => claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "lambda" });
  const readOutcome = async (key: string) => {
    const jobs = await fixture.ports.jobs.findBySource("input", key);
    return [jobs.length, fixture.started.size + fixture.created.size, jobs[0]?.engineJobId !== undefined];
  };

  beforeEach(async () => {
    fixture = await openJobFixture({ maxJobsPerHour: 2 });
  });
  afterEach(() => fixture.close());

  for (const [key, of] of Object.entries(steps))
    for (const step of of) {
      it(`at ${step} of ${key} is recovered by the next delivery`, async () => {
        fixture.fail(step, new Error("crash"));
        await claim(key).catch(() => undefined);
        await claim(key);
        expect(await readOutcome(key)).to.eql([1, 1, true]);
      });
    }

  for (const [key, of] of Object.entries(steps))
    for (const step of of.filter(isStartStep)) {
      it(`at ${step} of ${key} is recovered by the reconciler without a delivery`, async () => {
        fixture.fail(step, new Error("crash"));
        await claim(key).catch(() => undefined);
        const reconcile = createReconciler(fixture.ports);
        expect((await reconcile()).started).to.equal(0);
        fixture.advanceClock(61);
        expect((await reconcile()).started).to.equal(1);
        expect(await readOutcome(key)).to.eql([1, 1, true]);
      });
    }

  for (const step of ["jobs.markBacklog", "jobs.defer"])
    it(`at ${step} of a job over the limit loses no job`, async () => {
      for (const key of ["a.mkv", "b.mkv"]) await claim(key);
      fixture.fail(step, new Error("crash"));
      await claim("c.mkv").catch(() => undefined);
      fixture.advanceClock(3600);
      expect((await createReconciler(fixture.ports)()).started).to.equal(1);
      expect(await readOutcome("c.mkv")).to.eql([1, 3, true]);
    });

  it("after the notification of a rejected upload is recovered by the reconciler, with the same id", async () => {
    fixture.fail("jobs.markNotified", new Error("crash"));
    await claim("a.txt");
    fixture.advanceClock(61);
    expect((await createReconciler(fixture.ports)()).resent).to.equal(1);
    expect(new Set(fixture.published.map(({ id }) => id)).size).to.equal(1);
    expect((await createReconciler(fixture.ports)()).resent).to.equal(0);
  });
});
