import { expect } from "chai";
import { createDirectAttemptStore } from "../../docker/ffmpeg/attempt-store/direct-attempt-store.ts";
import { createReconciler } from "../../lambdas/reconciler/reconcile.ts";
import { createSweep } from "../../lambdas/sweep/sweep.ts";
import { handleTaskStateChange } from "../../pipeline/jobs/handle-task-state-change.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { openWorld, type World } from "../pipeline/jobs/world.ts";

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
describe("a worker without a Lambda that dies between any two steps of claim, start and record", () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld();
    const object = { key, etag: '"e"', bytes: 1000, modifiedAt: uploadedAt, versionId: "v1" };
    world.heads.set(`input/${key}`, { ...object, bucket: "input", contentType: "image/png", metadata: {} });
    world.versions.push({ ...object, isLatest: true });
  });
  afterEach(() => world.close());

  const startWorker = (jobs: JobStore, worker: string, changed: Partial<typeof environment> = {}) =>
    createDirectAttemptStore(
      {
        store: jobs,
        objects: world.ports.objects,
        configuration: world.ports.configuration,
        clock: world.ports.clock,
        log: world.ports.log,
        metrics: world.ports.metrics,
        taskArn: "task/direct",
      },
      { ...environment, ...changed },
    ).begin(worker);
  const tellOfItsEnd = () =>
    handleTaskStateChange(world.ports, {
      taskId: "task/direct",
      status: "Stopped",
      stopCode: "EssentialContainerExited",
      exitCode: 137,
      environment,
    });
  const heal = async () => {
    await createSweep(world.ports)();
    const reconcile = createReconciler(world.ports);
    for (let rounds = 0, started = 0; started === 0 && rounds < 3; rounds += 1) {
      world.pass(16 * 60);
      ({ started } = await reconcile());
    }
  };
  const expectOneJobUnderWay = async () => {
    const jobs = await world.ports.jobs.findBySource("input", key);
    expect(jobs.map((job) => [job.id, job.status])).to.deep.equal([[id, "Submitted"]]);
    const [job] = jobs;
    expect([...world.started.keys()]).to.deep.equal([`${id}-${job?.attempt}`]);
    expect(job?.engineJobId).to.equal(`task/${id}-${job?.attempt}`);
  };

  for (const step of ["read", "takeHourlySlot", "claim", "begin", "recordStart"] satisfies Method[])
    for (const [told, tell] of [
      ["its task's end is told", tellOfItsEnd],
      ["nothing is told", () => Promise.resolve()],
    ] as const)
      it(`is followed by one other at ${step}, where ${told}`, async () => {
        await startWorker({ ...world.ports.jobs, [step]: crash }, "first").catch(() => undefined);

        await tell();
        await heal();

        await expectOneJobUnderWay();
      });

  it("has one job with a worker that a second delivery starts", async () => {
    const [first, second] = await Promise.all([
      startWorker(world.ports.jobs, "first"),
      startWorker(world.ports.jobs, "second"),
    ]);
    expect([first, second].filter((order) => order !== undefined)).to.have.length(1);
    expect(await world.ports.jobs.findBySource("input", key)).to.have.length(1);
  });

  it("ignores the upload of another bucket than the stage's input", async () => {
    const order = await startWorker(world.ports.jobs, "first", { INPUT_BUCKET: "another" });

    expect(order).to.equal(undefined);
    expect(await world.ports.jobs.findBySource("input", key)).to.deep.equal([]);
    expect(world.logged).to.deep.equal([
      "Ignored an event from another bucket; check the bucket in the EventBridge rule",
    ]);
  });

  for (const [what, other] of [
    ["its route does not take", "images/a.mp4"],
    ["is an asset", "images/a.json"],
    ["is a folder's marker", "images/"],
    ["another route takes", "thumbnails/a.mp4"],
  ] as const)
    it(`leaves to the router what ${what}, since the rule that started it knows the prefix alone`, async () => {
      const head = world.heads.get(`input/${key}`);
      if (head === undefined) throw new Error("The upload is missing.");
      world.heads.set(`input/${other}`, { ...head, key: other });

      const order = await startWorker(world.ports.jobs, "first", { SOURCE_KEY: other });

      expect(order).to.equal(undefined);
      expect(await world.ports.jobs.findBySource("input", other)).to.deep.equal([]);
    });
});
