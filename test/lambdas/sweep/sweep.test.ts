import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { createSweep } from "../../../lambdas/sweep/sweep.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { ObjectSummary } from "../../../pipeline/ports/object-store.ts";
import { openWorld, uploaded, type World } from "../../pipeline/jobs/world.ts";

describe("the sweep", () => {
  let world: World;
  const sweep = () => createSweep(world.ports)();
  const version = (key: string, change: Partial<ObjectSummary> = {}) =>
    world.versions.push({
      key,
      versionId: "v1",
      etag: '"e"',
      bytes: 5,
      modifiedAt: "2026-11-21T02:00:00.000Z",
      isLatest: true,
      ...change,
    });

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("claims what has no job, routes that EventBridge starts included", async () => {
    version("a.mkv");
    version("images/a.png");
    version("a.txt");
    expect(await sweep()).to.eql({ seen: 3, claimed: 3, failed: 0 });
    expect(await sweep()).to.eql({ seen: 3, claimed: 0, failed: 0 });
    expect({ size: world.started.size, length: world.published.length }, "left to the reconciler").to.eql({
      size: 0,
      length: 0,
    });
    world.pass(60);
    await createReconciler(world.ports)();
    expect({ size: world.started.size, length: world.published.length }).to.eql({ size: 2, length: 1 });
  });

  it("finds the job that the event made", async () => {
    await claimUpload(world.ports, uploaded("a.mkv"), { triggers: "lambda" });
    version("a.mkv");
    expect((await sweep()).claimed).to.equal(0);
  });

  it("finds the job of a bucket without versions by its content", async () => {
    const { versionId: _, ...unversioned } = uploaded("a.mkv");
    await claimUpload(world.ports, unversioned, { triggers: "lambda" });
    version("a.mkv", { versionId: undefined });
    version("b.mkv", { versionId: undefined });
    expect((await sweep()).claimed).to.equal(1);
  });

  const ages: readonly (readonly [string, Partial<ObjectSummary>, number])[] = [
    ["leaves young versions to their events", { modifiedAt: "2026-11-21T02:56:00.000Z" }, 0],
    ["takes versions of five minutes", { modifiedAt: "2026-11-21T02:55:00.000Z" }, 1],
    [
      "takes a replaced version of the last day",
      { isLatest: false, modifiedAt: "2026-11-20T04:00:00.000Z" },
      1,
    ],
    ["leaves an older replaced version", { isLatest: false, modifiedAt: "2026-11-20T02:00:00.000Z" }, 0],
    ["takes a current version of the last month", { modifiedAt: "2026-10-25T00:00:00.000Z" }, 1],
    ["leaves what is older than jobs are kept", { modifiedAt: "2026-10-20T00:00:00.000Z" }, 0],
  ];
  for (const [what, change, claimed] of ages)
    it(what, async () => {
      version("a.mkv", change);
      expect((await sweep()).claimed).to.equal(claimed);
    });

  it("passes over folder markers and assets", async () => {
    version("f/");
    version("a.srt");
    expect(await sweep()).to.eql({ seen: 1, claimed: 0, failed: 0 });
  });

  it("claims the others where one fails", async () => {
    for (let index = 0; index < 20; index += 1) version(`${index}.mkv`);
    world.fail("jobs.claim", new Error("throttled"));
    expect(await sweep()).to.eql({ seen: 20, claimed: 19, failed: 1 });
    expect(world.logged.at(-1)).to.include("next sweep");
  });
});
