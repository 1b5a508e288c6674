import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { createSweep } from "../../../lambdas/sweep/sweep.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { ObjectSummary } from "../../../pipeline/ports/object-store.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

describe("the sweep", () => {
  let fixture: JobFixture;
  const sweep = () => createSweep(fixture.ports)();
  const buildVersion = (key: string, change: Partial<ObjectSummary> = {}) =>
    fixture.versions.push({
      key,
      versionId: "v1",
      etag: '"e"',
      bytes: 5,
      modifiedAt: "2026-11-21T02:00:00.000Z",
      isLatest: true,
      ...change,
    });

  beforeEach(async () => {
    fixture = await openJobFixture();
  });
  afterEach(() => fixture.close());

  it("claims uploads without a job, including routes started by EventBridge", async () => {
    buildVersion("a.mkv");
    buildVersion("images/a.png");
    buildVersion("a.txt");
    expect(await sweep()).to.eql({ seen: 3, claimed: 3, failed: 0 });
    expect(await sweep()).to.eql({ seen: 3, claimed: 0, failed: 0 });
    expect({ size: fixture.started.size, length: fixture.published.length }, "left to the reconciler").to.eql(
      {
        size: 0,
        length: 0,
      },
    );
    fixture.advanceClock(60);
    await createReconciler(fixture.ports)();
    expect({ size: fixture.started.size, length: fixture.published.length }).to.eql({ size: 2, length: 1 });
  });

  it("looks up the jobs of 100 versions by one request, and reads no record of those", async () => {
    for (let index = 0; index < 150; index += 1) buildVersion(`${index}.mkv`);
    expect((await sweep()).claimed).to.equal(150);
    const { jobs } = fixture.ports;
    const lookups: number[] = [];
    const reads: string[] = [];
    const watched: typeof jobs = {
      ...jobs,
      findExisting: (ids) => {
        lookups.push(ids.length);
        return jobs.findExisting(ids);
      },
      read: (id) => {
        reads.push(id);
        return jobs.read(id);
      },
    };
    const report = await createSweep({ ...fixture.ports, jobs: watched })();
    expect({ report, lookups, reads }).to.eql({
      report: { seen: 150, claimed: 0, failed: 0 },
      lookups: [100, 50],
      reads: [],
    });
  });

  it("finds the job that the event created", async () => {
    await claimUpload(fixture.ports, buildUploadEvent("a.mkv"), { triggers: "lambda" });
    buildVersion("a.mkv");
    expect((await sweep()).claimed).to.equal(0);
  });

  it("finds the job in a bucket without versioning by its content", async () => {
    const { versionId: _, ...unversioned } = buildUploadEvent("a.mkv");
    await claimUpload(fixture.ports, unversioned, { triggers: "lambda" });
    buildVersion("a.mkv", { versionId: undefined });
    buildVersion("b.mkv", { versionId: undefined });
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
  for (const [title, change, claimed] of ages)
    it(title, async () => {
      buildVersion("a.mkv", change);
      expect((await sweep()).claimed).to.equal(claimed);
    });

  it("ignores folder markers and assets", async () => {
    buildVersion("f/");
    buildVersion("a.srt");
    expect(await sweep()).to.eql({ seen: 0, claimed: 0, failed: 0 });
  });

  it("claims other uploads if one fails", async () => {
    for (let index = 0; index < 20; index += 1) buildVersion(`${index}.mkv`);
    fixture.fail("jobs.claim", new Error("throttled"));
    expect(await sweep()).to.eql({ seen: 20, claimed: 19, failed: 1 });
    expect(fixture.logged.at(-1)).to.include("next sweep");
  });
});
