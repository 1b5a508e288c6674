import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { openWorld, uploaded, type World } from "./world.ts";

/** The steps of one upload, in order; a crash at one leaves those before it done. */
const steps = {
  "a.mkv": ["jobs.read", "jobs.takeHourlySlot", "jobs.claim", "tasks.run", "jobs.recordStart"],
  "a.mp4": ["jobs.read", "jobs.takeHourlySlot", "jobs.claim", "transcoder.createJob", "jobs.recordStart"],
  "unprocessed-videos/a.mp4": ["objects.head"],
} as const;

describe("a crash between any two steps of an upload", () => {
  let world: World;
  const claim = (key: string) => claimUpload(world.ports, uploaded(key), { triggers: "lambda" });
  const outcome = async (key: string) => {
    const jobs = await world.ports.jobs.findBySource("input", key);
    return [jobs.length, world.started.size + world.created.size, jobs[0]?.engineJobId !== undefined];
  };

  beforeEach(async () => {
    world = await openWorld({ maxJobsPerHour: 2 });
  });
  afterEach(() => world.close());

  for (const [key, of] of Object.entries(steps))
    for (const step of of) {
      it(`at ${step} of ${key} is healed by the next delivery`, async () => {
        world.fail(step, new Error("crash"));
        await claim(key).catch(() => undefined);
        await claim(key);
        expect(await outcome(key)).to.eql([1, 1, true]);
      });
    }

  for (const [key, of] of Object.entries(steps))
    for (const step of of.filter((name) => /run|createJob|recordStart/.test(name))) {
      it(`at ${step} of ${key} is healed by the reconciler where no delivery comes`, async () => {
        world.fail(step, new Error("crash"));
        await claim(key).catch(() => undefined);
        const reconcile = createReconciler(world.ports);
        expect((await reconcile()).started).to.equal(0);
        world.pass(61);
        expect((await reconcile()).started).to.equal(1);
        expect(await outcome(key)).to.eql([1, 1, true]);
      });
    }

  it("after the message of a refused upload is healed by the reconciler, with the same id", async () => {
    world.fail("jobs.markNotified", new Error("crash"));
    await claim("a.txt");
    world.pass(61);
    expect((await createReconciler(world.ports)()).resent).to.equal(1);
    expect(new Set(world.published.map(({ id }) => id)).size).to.equal(1);
    expect((await createReconciler(world.ports)()).resent).to.equal(0);
  });
});
