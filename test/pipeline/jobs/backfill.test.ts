import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { CommandError } from "../../../pipeline/errors/errors.ts";
import { claimBackfill, planBackfill, requireDeployedRoute } from "../../../pipeline/jobs/backfill.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import type { Route } from "../../../pipeline/routing/route.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

describe("a backfill", () => {
  let fixture: JobFixture;
  let route: Route;
  beforeEach(async () => {
    fixture = await openJobFixture();
    route = findRoute("a.mkv");
  });
  afterEach(() => fixture.close());
  const findRoute = (key: string): Route => {
    const extension = key.split(".").at(-1) ?? "";
    const found = fixture.ports.configuration.routes.find(
      ({ prefix, extensions }) => key.startsWith(prefix) && prefix === "" && extensions.includes(extension),
    );
    if (found === undefined) throw new Error(`no route for ${key}`);
    return found;
  };
  const upload = (key: string, modifiedAt = "2026-01-10T00:00:00.000Z", change = {}) =>
    fixture.versions.push({
      key,
      versionId: "v1",
      etag: '"e"',
      bytes: 1000,
      modifiedAt,
      isLatest: true,
      ...change,
    });
  const selection = { since: "2026-01-01T00:00:00.000Z", until: "2026-02-01T00:00:00.000Z" };
  const plan = () => planBackfill(fixture.ports, { route, ...selection }, () => undefined);
  const claim = (uploads: Awaited<ReturnType<typeof plan>>["uploads"], stop = new AbortController().signal) =>
    claimBackfill(fixture.ports, uploads, { stop, onProgress: () => undefined });

  it("lists the current versions of a route and a time that have no job", async () => {
    await claimUpload(fixture.ports, buildUploadEvent("known.mkv"), { triggers: "all" });
    for (const key of ["known.mkv", "old-a.mkv", "images/a.png", "other.txt", "a.srt"]) upload(key);
    upload("old-b.mkv", selection.since);
    upload("replaced.mkv", undefined, { isLatest: false });
    upload("before.mkv", "2025-12-31T23:59:59.000Z");
    upload("after.mkv", selection.until);
    const { uploads, bytes, withJob } = await plan();
    expect(uploads.map(({ source }) => source.key)).to.eql(["old-a.mkv", "old-b.mkv"]);
    expect({ bytes, withJob }).to.eql({ bytes: 2000, withJob: 1 });
    expect(await fixture.ports.jobs.findBySource("input", "old-a.mkv"), "nothing changed").to.eql([]);
  });

  it("creates each job once, which the reconciler starts", async () => {
    for (let index = 0; index < 40; index += 1) upload(`${index}.mkv`);
    const { uploads } = await plan();
    const nothingFailed = { failed: [], rest: 0 };
    expect(await claim(uploads)).to.eql({ claimed: 40, skipped: 0, ...nothingFailed });
    expect(await claim(uploads)).to.eql({ claimed: 0, skipped: 40, ...nothingFailed });
    expect((await plan()).uploads).to.eql([]);
    expect(fixture.started.size).to.equal(0);
    fixture.advanceClock(60);
    expect((await createReconciler(fixture.ports)()).started).to.equal(40);
  });

  it("counts an upload without versions as done if its content has a job", async () => {
    const { versionId: _, ...unversioned } = buildUploadEvent("a.mkv");
    await claimUpload(fixture.ports, unversioned, { triggers: "all" });
    upload("a.mkv", undefined, { versionId: undefined });
    upload("b.mkv", undefined, { versionId: undefined });
    expect((await plan()).uploads.map(({ source }) => source.key)).to.eql(["b.mkv"]);
  });

  it("goes on after a failure, and leaves out what was removed meanwhile", async () => {
    for (const key of ["a.mkv", "b.mkv", "c.mkv"]) upload(key);
    const { uploads } = await plan();
    fixture.removedKeys.add("input/c.mkv");
    fixture.fail("jobs.claim", new Error("throttled"));
    const { failed, ...result } = await claim(uploads);
    expect(result).to.eql({ claimed: 1, skipped: 1, rest: 0 });
    expect(failed.map(({ cause }) => String(cause))).to.eql(["Error: throttled"]);
  });

  it("makes no failed job of an upload that the caller may not read, and ends if it is every one", async () => {
    for (let index = 0; index < 150; index += 1) {
      upload(`${String(index).padStart(3, "0")}.mkv`);
      fixture.fail("objects.head", new StoreFailure("denied", "Access Denied"));
    }
    const { uploads } = await plan();
    const { claimed, failed, rest } = await claim(uploads);
    expect(claimed).to.equal(0);
    expect(failed.length).to.be.within(100, 116);
    expect(rest).to.equal(150 - failed.length);
    expect(failed[0]?.cause)
      .to.be.an.instanceof(CommandError)
      .with.property("message")
      .that.includes("000.mkv");
    expect((await plan()).withJob).to.equal(0);
  });

  it("ends at a stop after the claims that have begun", async () => {
    for (let index = 0; index < 100; index += 1) upload(`${String(index).padStart(3, "0")}.mkv`);
    const { uploads } = await plan();
    const stop = new AbortController();
    const result = await claimBackfill(fixture.ports, uploads, {
      stop: stop.signal,
      onProgress: (done) => {
        if (done === 20) stop.abort();
      },
    });
    expect(result.claimed).to.be.within(20, 36);
    expect(result.rest).to.equal(100 - result.claimed);
    expect((await plan()).uploads.length).to.equal(result.rest);
  });

  it("needs the route as it is deployed", async () => {
    await requireDeployedRoute(fixture.ports, route, "prod");
    for (const changed of [
      { ...route, name: "renamed" },
      { ...route, prefix: "elsewhere/" },
    ]) {
      const cause = await requireDeployedRoute(fixture.ports, changed, "prod").then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(cause)
        .to.be.an.instanceof(CommandError)
        .with.property("message")
        .that.includes("Deploy the stage");
    }
  });
});
