import { expect } from "chai";
import fc from "fast-check";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { createSweep, type SweepPorts } from "../../../lambdas/sweep/sweep.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { registerRoutes } from "../../../pipeline/jobs/route-registry.ts";
import defaults from "../../../reelway.config.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const minuteMs = 60_000;
const start = Date.parse("2026-11-21T03:00:00.000Z");
const buildRoute = (name: string, prefix: string, extensions: readonly string[] = ["mp4"]) => ({
  name,
  prefix,
  extensions,
  engine: "ffmpeg" as const,
  recipe: { name: "thumbnail" as const },
  outputs: [`${name}/{path}{name}.{ext}.jpg`],
});
const configure = (...routes: readonly ReturnType<typeof buildRoute>[]) =>
  parseConfiguration({ ...defaults, routes });

describe("the sweep and the start of a route", () => {
  let fixture: JobFixture;
  let nowMs: number;
  let ports: JobFixture["ports"];
  beforeEach(async () => {
    fixture = await openJobFixture();
    nowMs = start;
    const clock = { now: () => new Date(nowMs) };
    // No routes are registered for this bucket.
    ports = {
      ...fixture.ports,
      inputBucket: "adopted",
      clock,
      configuration: configure(buildRoute("a", "a/")),
    };
  });
  afterEach(() => fixture.close());

  const upload = (key: string, minutesAgo = 0) => {
    const modifiedAt = new Date(Math.floor((nowMs - minutesAgo * minuteMs) / 1000) * 1000).toISOString();
    fixture.versions.push({ key, versionId: `v-${key}`, etag: '"e"', bytes: 5, modifiedAt, isLatest: true });
  };
  const sweep = async (change: Partial<SweepPorts> = {}) => {
    nowMs += 16 * minuteMs;
    return (await createSweep({ ...ports, ...change })()).claimed;
  };
  const listJobs = async (key: string) =>
    (await ports.jobs.findBySource(ports.inputBucket, key)).map(({ route }) => route);

  it("claims no upload of an adopted bucket, routed or not, and every lost one since", async () => {
    for (let index = 0; index < 20; index += 1) upload(`a/${index}.mp4`, 60 * (index + 1));
    upload("a/other.txt", 60);
    expect(await sweep()).to.equal(0);
    upload("a/new.mp4");
    upload("a/new.txt");
    expect([await sweep(), await sweep()]).to.eql([2, 0]);
    expect([await listJobs("a/new.mp4"), await listJobs("a/new.txt")]).to.eql([["a"], [null]]);
  });

  it("claims an upload of the second in which the route was registered", async () => {
    nowMs += 900;
    await registerRoutes(ports);
    upload("a/1.mp4");
    expect(await sweep()).to.equal(1);
  });

  const changes: Readonly<Record<string, ReturnType<typeof configure>>> = {
    "a renamed route": configure(buildRoute("renamed", "a/")),
    "a route with another extension": configure(buildRoute("a", "a/", ["mp4", "mkv"])),
    "a route with another prefix": configure(buildRoute("a", "a/b/")),
    "a route that is split from another": configure(buildRoute("a", "a/"), buildRoute("b", "a/b/")),
    "other ignored files": parseConfiguration({
      ...defaults,
      routes: [buildRoute("a", "a/")],
      ignored: { prefixes: [], extensions: ["srt"] },
    }),
    "a route with another recipe": configure({
      ...buildRoute("a", "a/"),
      outputs: ["elsewhere/{path}{name}.{ext}.jpg"],
    }),
  };
  for (const [title, configuration] of Object.entries(changes))
    it(`claims the uploads of ${title} once at most`, async () => {
      await registerRoutes(ports);
      for (const key of ["a/1.mp4", "a/b/1.mp4", "a/b/1.mkv", "1.mp4"]) {
        upload(key);
        await claimUpload(
          ports,
          { ...buildUploadEvent(key, `v-${key}`), bucket: "adopted" },
          { triggers: "all" },
        );
      }
      const before = await Promise.all(fixture.versions.map(({ key }) => listJobs(key)));
      expect([await sweep({ configuration }), await sweep({ configuration })]).to.eql([0, 0]);
      expect(await Promise.all(fixture.versions.map(({ key }) => listJobs(key)))).to.eql(before);
    });

  it("claims no uploads of a part that a removed route leaves to another", async () => {
    const [both, one] = [
      configure(buildRoute("a", "a/"), buildRoute("b", "a/b/")),
      configure(buildRoute("a", "a/")),
    ];
    await registerRoutes({ ...ports, configuration: both });
    upload("a/b/1.mp4");
    expect([await sweep({ configuration: both }), await sweep({ configuration: one })]).to.eql([1, 0]);
  });

  it("counts a route that is removed and added again as new", async () => {
    await registerRoutes(ports);
    upload("a/1.mp4");
    nowMs += minuteMs;
    await registerRoutes({ ...ports, configuration: configure(buildRoute("b", "b/")) });
    expect([await sweep(), (await ports.sweeps.readRegistry("adopted")).registrations.length]).to.eql([0, 2]);
  });

  it("starts a route at the first claim of the router, before the first sweep", async () => {
    const event = (key: string) => ({
      "detail-type": "Object Created",
      detail: { bucket: { name: "adopted" }, object: { key, size: 5, "version-id": `v-${key}` } },
    });
    const reads: string[] = [];
    const sweeps: typeof ports.sweeps = {
      ...ports.sweeps,
      readRegistry: (bucket) => {
        reads.push(bucket);
        return reads.length === 1
          ? Promise.reject(new Error("throttled"))
          : ports.sweeps.readRegistry(bucket);
      },
    };
    const route = createRouter({ ...ports, sweeps });
    const message = (key: string) => ({
      Records: [{ eventSource: "aws:sqs", messageId: key, body: JSON.stringify(event(key)) }],
    });
    upload("a/1.mp4");
    expect((await route(message("a/1.mp4"))).batchItemFailures.length, "delivered again").to.equal(1);
    for (const key of ["a/1.mp4", "a/2.mp4"]) await route(message(key));
    expect(reads, "read again after the failure, and then no more").to.eql(["adopted", "adopted"]);
    nowMs += minuteMs;
    upload("a/lost.mp4");
    expect(await sweep()).to.equal(1);
  });

  it("registers once when several begin at the same time", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        registerRoutes({ ...ports, clock: { now: () => new Date(nowMs + index * 1000) } }),
      ),
    );
    expect(new Set(results.map((result) => JSON.stringify(result))).size).to.equal(1);
    expect((await ports.sweeps.readRegistry("adopted")).revision).to.equal(1);
  });

  it("claims exactly the uploads since the start of their route, each once, whatever is deployed and lost", async function () {
    this.timeout(60_000);
    const deployments = [
      configure(buildRoute("a", "a/"), buildRoute("b", "b/")),
      configure(buildRoute("renamed", "a/"), buildRoute("b", "b/")),
      configure(buildRoute("renamed", "a/"), buildRoute("b", "b/", ["mp4", "mkv"])),
    ];
    const steps = fc.array(
      fc.record({
        minutes: fc.integer({ min: 1, max: 90 }),
        action: fc.constantFrom("upload-a", "upload-b", "lost-a", "lost-b", "sweep", "deploy"),
      }),
      { minLength: 1, maxLength: 25 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (actions) => {
        run += 1;
        fixture.versions.length = 0;
        const inputBucket = `bucket-${run}`;
        let deployment = 0;
        let current = { ...ports, inputBucket, configuration: deployments[0] ?? ports.configuration };
        // The names under which the sweep may claim each upload: those of the configurations from its upload on.
        const expected = new Map<string, string[]>();
        await registerRoutes(current);
        for (const [index, { minutes, action }] of actions.entries()) {
          nowMs += minutes * minuteMs;
          if (action === "sweep") await createSweep(current)();
          else if (action === "deploy") {
            // Everything lost so far is found before the change: afterwards, it is older than its route.
            nowMs += 16 * minuteMs;
            await createSweep(current)();
            deployment = (deployment + 1) % deployments.length;
            current = { ...current, configuration: deployments[deployment] ?? current.configuration };
            await registerRoutes(current);
          } else {
            const [kind, prefix] = action.split("-");
            const key = `${prefix}/${index}.mp4`;
            upload(key);
            expected.set(key, [prefix === "a" && deployment > 0 ? "renamed" : (prefix ?? "")]);
            if (kind === "upload")
              await claimUpload(
                current,
                { ...buildUploadEvent(key, `v-${key}`), bucket: inputBucket },
                { triggers: "all" },
              );
          }
        }
        nowMs += 16 * minuteMs;
        await createSweep(current)();
        await createSweep(current)();
        for (const [key, routes] of expected)
          expect((await current.jobs.findBySource(inputBucket, key)).map(({ route }) => route)).to.eql(
            routes,
          );
      }),
      { numRuns: 40 },
    );
  });
});
