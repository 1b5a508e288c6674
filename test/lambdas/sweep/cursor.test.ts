import { expect } from "chai";
import { createSweep, type SweepLimits, type SweepPorts } from "../../../lambdas/sweep/sweep.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { registerRoutes } from "../../../pipeline/jobs/route-registry.ts";
import { listSweepPrefixes } from "../../../pipeline/jobs/sweep-prefixes.ts";
import defaults from "../../../reelway.config.ts";
import { type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const buildRoute = (prefix: string) => ({
  name: `r${prefix.replaceAll("/", "-")}x`,
  prefix,
  extensions: ["mp4"],
  engine: "ffmpeg" as const,
  recipe: { name: "thumbnail" as const },
  outputs: [`r${prefix.replaceAll("/", "-")}/{path}{name}.jpg`],
});
const configure = (...prefixes: readonly string[]) =>
  parseConfiguration({ ...defaults, routes: prefixes.map(buildRoute) });
const onePage: SweepLimits = { pages: 1, seconds: 480 };

describe("the cursor of the sweep", function () {
  this.timeout(60_000);
  let fixture: JobFixture;
  let ports: SweepPorts;
  /** Requests since the last reset, in order. */
  let requests: string[];
  const failures = new Map<string, Error>();
  beforeEach(async () => {
    fixture = await openJobFixture();
    requests = [];
    failures.clear();
    const { jobs, objects, sweeps } = fixture.ports;
    const record = (request: string): void => {
      requests.push(request);
      const failure = failures.get(request);
      failures.delete(request);
      if (failure !== undefined) throw failure;
    };
    ports = {
      ...fixture.ports,
      jobs: {
        ...jobs,
        async findExisting(ids) {
          record(`find ${ids.length}`);
          return jobs.findExisting(ids);
        },
        async read(id) {
          record("read");
          return jobs.read(id);
        },
        async claim(job) {
          record("claim");
          return jobs.claim(job);
        },
      },
      objects: {
        ...objects,
        async *listVersionPages(bucket, prefix, after) {
          for await (const page of objects.listVersionPages(bucket, prefix, after)) {
            record(`list ${prefix}`);
            yield page;
          }
        },
      },
      sweeps: {
        ...sweeps,
        async writeCursor(bucket, cursor) {
          record("cursor");
          await sweeps.writeCursor(bucket, cursor);
        },
      },
    };
  });
  afterEach(() => fixture.close());

  const upload = (key: string, modifiedAt = "2026-11-21T02:00:00.000Z") =>
    fixture.versions.push({ key, versionId: "v1", etag: '"e"', bytes: 5, modifiedAt, isLatest: true });
  const uploadMany = (number: number, prefix = "", modifiedAt?: string) => {
    for (let index = 0; index < number; index += 1)
      upload(`${prefix}${String(index).padStart(4, "0")}.mp4`, modifiedAt);
  };
  /** Older than the sweep claims: listed only. */
  const uploadManyOld = (number: number, prefix: string) =>
    uploadMany(number, prefix, "2026-09-01T00:00:00.000Z");
  const sweep = async (limits: SweepLimits = onePage, change: Partial<SweepPorts> = {}) => {
    requests = [];
    return (await createSweep({ ...ports, ...change }, limits)()).claimed;
  };
  const countRequests = () => {
    const counts: Record<string, number> = {};
    for (const request of requests) counts[request] = (counts[request] ?? 0) + 1;
    return counts;
  };
  const readCursor = () => fixture.ports.sweeps.readCursor("input");

  it("claims 2,500 versions in three runs of a page, and then begins a pass whose requests are bounded", async () => {
    uploadMany(2500);
    const claimed: number[] = [];
    for (let run = 0; run < 3; run += 1) claimed.push(await sweep());
    expect(claimed).to.eql([1000, 1000, 500]);
    expect(await readCursor(), "the pass is complete").to.equal(undefined);
    expect(await sweep()).to.equal(0);
    expect(countRequests()).to.eql({ "list ": 1, "find 100": 10, cursor: 1 });
    expect((await readCursor())?.after).to.eql({ key: "0999.mp4", versionId: "v1" });
    expect([await sweep({ pages: 200, seconds: 480 }), countRequests()]).to.eql([
      0,
      { "list ": 2, "find 100": 15, cursor: 2 },
    ]);
  });

  it("writes no cursor in a bucket of one page", async () => {
    uploadMany(20);
    expect([await sweep(), countRequests()]).to.eql([20, { "list ": 1, "find 20": 1, read: 20, claim: 20 }]);
  });

  for (const [step, claimedBefore] of [
    ["cursor", 100],
    ["find 100", 0],
  ] as const)
    it(`repeats the page of a run that ended before ${step}, and claims nothing twice`, async () => {
      uploadMany(100);
      uploadManyOld(1100, "a");
      failures.set(step, new Error("killed"));
      const error = await sweep().then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(error).to.be.an("error").with.property("message", "killed");
      expect(countRequests().claim ?? 0).to.equal(claimedBefore);
      expect(await readCursor()).to.equal(undefined);
      const claimed = [await sweep(), await sweep()];
      expect(claimed).to.eql([100 - claimedBefore, 0]);
    });

  it("ends in time, also within a page, and the next run continues", async () => {
    uploadMany(250);
    const { claim } = ports.jobs;
    const change = {
      jobs: {
        ...ports.jobs,
        claim: (job: Parameters<typeof claim>[0]) => {
          fixture.advanceClock(1);
          return claim(job);
        },
      },
    };
    // 8 claims at once: the time ends after the 20th.
    const limits = { pages: 200, seconds: 20 };
    const claimed: number[] = [];
    for (let run = 0; run < 11; run += 1) claimed.push(await sweep(limits, change));
    expect(claimed.slice(0, 3)).to.eql([24, 24, 24]);
    expect(claimed.reduce((sum, number) => sum + number, 0)).to.equal(250);
    expect(await sweep(limits, change)).to.equal(0);
  });

  it("goes on after versions that were deleted since, and finds what is before the cursor in the next pass", async () => {
    uploadManyOld(1200, "a");
    uploadMany(30, "b");
    await sweep();
    fixture.versions.splice(0, 1200);
    upload("a0.mp4");
    expect([await sweep(), await sweep()]).to.eql([30, 1]);
  });

  it("lists only below the prefixes of the routes, unless a route takes all keys", async () => {
    expect(listSweepPrefixes(configure("b/", "a/x/", "a/"))).to.eql(["a/", "b/"]);
    expect(listSweepPrefixes(configure("", "a/"))).to.eql([""]);
    for (const prefix of ["a/", "b/", "c/", "other/"]) uploadMany(3, prefix);
    const configuration = configure("c/", "a/", "a/x/", "b/");
    await registerRoutes({ ...ports, configuration, clock: { now: () => new Date("2026-10-01T00:00:00Z") } });
    expect(await sweep({ pages: 200, seconds: 480 }, { configuration })).to.equal(9);
    expect(requests.filter((request) => request.startsWith("list"))).to.eql([
      "list a/",
      "list b/",
      "list c/",
    ]);
  });

  it("continues at the next prefix, also if the prefix of the cursor no longer exists", async () => {
    for (const prefix of ["a/", "b/", "c/"]) uploadMany(3, prefix);
    const [all, two] = [configure("a/", "b/", "c/"), configure("a/", "c/")];
    for (const configuration of [two, all])
      await registerRoutes({
        ...ports,
        configuration,
        clock: { now: () => new Date("2026-10-01T00:00:00Z") },
      });
    expect(await sweep(onePage, { configuration: all })).to.equal(3);
    expect(await readCursor()).to.include({ prefix: "b/" });
    expect(await sweep(onePage, { configuration: two })).to.equal(3);
    expect(requests).to.include("list c/").and.not.include("list a/");
    await sweep(onePage, { configuration: all });
    await sweep(onePage, { configuration: all });
    expect(await readCursor()).to.include({ prefix: "c/" });
    expect(await sweep(onePage, { configuration: configure("a/") })).to.equal(0);
    expect(await readCursor(), "begins again").to.equal(undefined);
  });

  it("warns if a pass took longer than replaced versions are swept", async () => {
    uploadManyOld(1500, "a");
    await sweep();
    fixture.advanceClock(25 * 3600);
    await sweep();
    expect(fixture.logged).to.satisfy((logged: string[]) => logged.at(-1)?.includes("longer than a day"));
  });
});
