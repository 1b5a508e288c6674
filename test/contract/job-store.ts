import { expect } from "chai";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { computeStatusShard } from "../../pipeline/ports/tables.ts";
import configured from "../../reelway.config.ts";
import { collect } from "./collect.ts";

const configuration = parseConfiguration(configured);
/**
 * DynamoDB's limit of an item. moto holds to it; dynalite lets a change go over it, so the record is measured, in
 * JSON, which takes a little more than DynamoDB's own count.
 */
const maxItemBytes = 400 * 1024;
const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * What every `JobStore` holds (pipeline/jobs/job-store.ts).
 *
 * @param open a store without jobs
 */
export const describeJobStoreContract = (name: string, open: () => Promise<JobStore>): void => {
  describe(`the job store contract, ${name}`, () => {
    let store: JobStore;
    let count = 0;
    beforeEach(async () => {
      store = await open();
    });

    /** Each job is a millisecond older than the next. */
    const newJob = (metadata: Record<string, string> = {}): Job => {
      count += 1;
      const [route] = configuration.routes;
      if (route === undefined) throw new Error("no route");
      return buildJob(
        route,
        { bucket: "input", key: `thumbnails/${count}.mp4`, bytes: 1, versionId: "1" },
        {
          configuration,
          outputBucket: "output",
          now: new Date(1_795_000_000_000 + count).toISOString(),
          metadata,
        },
      );
    };
    const claimJob = async (metadata: Record<string, string> = {}): Promise<Job> =>
      (await store.claim(newJob(metadata))).job;
    const readAllPages = async (limit: number): Promise<readonly string[]> => {
      const listedIds: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list("Submitted", { limit, ...(cursor === undefined ? {} : { cursor }) });
        listedIds.push(...page.jobs.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return listedIds;
    };

    it("lets one of twenty claims win and returns the stored job to the others", async () => {
      const job = newJob();
      const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(job)));
      expect(claims.filter((claim) => claim.claimed)).to.have.length(1);
      for (const claim of claims) expect(claim.job.id).to.equal(job.id);
    });

    it("gives an attempt to one worker, which may ask twice", async () => {
      const job = await claimJob();
      const first = await store.begin(job.id, 1, "one");
      const second = await store.begin(job.id, 1, "two");
      const again = await store.begin(job.id, 1, "one");
      expect({ status: first?.status, second, worker: again?.workerId }).to.deep.equal({
        status: "Progressing",
        second: undefined,
        worker: "one",
      });
    });

    it("only raises progress, and only for the attempt's worker", async () => {
      const job = await claimJob();
      await store.begin(job.id, 1, "one");
      const recordPercent = (worker: string, percent: number) =>
        store.recordProgress(job.id, 1, worker, { percent, phase: "encoding" });
      const results = [
        await recordPercent("one", 10),
        await recordPercent("one", 5),
        await recordPercent("two", 50),
        await recordPercent("one", 60),
      ];
      expect(results).to.deep.equal([true, false, false, true]);
      expect((await store.read(job.id))?.progress).to.deep.equal({ percent: 60, phase: "encoding" });
    });

    it("writes no progress of a closed job or of another attempt", async () => {
      const job = await claimJob();
      const recordPercent = (attempt: number, worker: string, percent: number) =>
        store.recordProgress(job.id, attempt, worker, { percent, phase: "encoding" });
      expect(await recordPercent(1, "one", 1), "before a worker began").to.equal(false);
      await store.begin(job.id, 1, "one");
      expect(await recordPercent(1, "one", 40)).to.equal(true);
      expect(await recordPercent(2, "one", 50), "another attempt").to.equal(false);
      const canceled = await store.cancel(job.id, "canceled");
      expect(canceled).to.deep.include({ status: "Canceled", progress: { percent: 40, phase: "encoding" } });
      expect(await recordPercent(1, "one", 60), "after the end").to.equal(false);
      expect(await store.read(job.id)).to.eql(canceled);
    });

    it("begins each attempt at 0, and ignores the progress of an earlier one", async () => {
      const job = await claimJob();
      await store.begin(job.id, 1, "one");
      await store.recordProgress(job.id, 1, "one", { percent: 60, phase: "encoding" });
      const next = await store.scheduleNextAttempt(job.id, 1, job.createdAt, "lost");
      expect(next?.progress.percent).to.equal(0);
      expect(await store.read(job.id)).to.eql(next);
      const begun = await store.begin(job.id, 2, "two");
      expect(await store.read(job.id)).to.eql(begun);
      expect(begun?.progress.percent).to.equal(0);
      expect(await store.recordProgress(job.id, 1, "one", { percent: 70, phase: "late" })).to.equal(false);
      const progress = { percent: 5, phase: "encoding" };
      expect(await store.recordProgress(job.id, 2, "two", progress)).to.equal(true);
      expect((await store.read(job.id))?.progress).to.eql(progress);
    });

    it("returns the progress with every read and list, and counts it as a change", async () => {
      const job = await claimJob({ "reelway-owner": "ann" });
      await store.recordStart(job.id, 1, "task-1");
      const begun = await store.begin(job.id, 1, "one");
      const progress = { percent: 30, phase: "encoding" };
      await store.recordProgress(job.id, 1, "one", progress);
      const read = await store.read(job.id);
      expect(read?.progress).to.eql(progress);
      expect(read?.updatedAt).to.satisfy((updatedAt: string) => updatedAt >= (begun?.updatedAt ?? "~"));
      expect({
        list: (await store.list("Progressing")).jobs,
        listByOwner: (await store.listByOwner("ann")).jobs,
        listBySource: (await store.listBySource(job.source)).jobs,
        listAll: await collect(store.listAll("Progressing")),
        findBySource: await store.findBySource(job.source.bucket, job.source.key),
        findByEngineJobId: [await store.findByEngineJobId("task-1")],
      }).to.eql({
        list: [read],
        listByOwner: [read],
        listBySource: [read],
        listAll: [read],
        findBySource: [read],
        findByEngineJobId: [read],
      });
    });

    it("keeps the probe and the phase of publishing in the record", async () => {
      const job = await claimJob();
      await store.begin(job.id, 1, "one");
      const probe = { formats: ["mov", "mp4"], durationSeconds: 1.5 };
      const recordPhase = (worker: string, percent: number, phase: string) =>
        store.recordPhase(job.id, 1, worker, { percent, phase }, phase === "probing" ? probe : undefined);
      await store.recordProgress(job.id, 1, "one", { percent: 1, phase: "probing" });
      expect([
        await recordPhase("two", 1, "probing"),
        await recordPhase("one", 1, "probing"),
        await store.recordProgress(job.id, 1, "one", { percent: 90, phase: "encoding" }),
        await recordPhase("one", 95, "publishing"),
        await store.recordProgress(job.id, 1, "one", { percent: 94, phase: "encoding" }),
      ]).to.eql([false, true, true, true, false]);
      expect(await store.read(job.id)).to.deep.include({
        probe,
        progress: { percent: 95, phase: "publishing" },
      });
      await store.recordProgress(job.id, 1, "one", { percent: 97, phase: "publishing" });
      const next = { percent: 97, phase: "publishing" };
      expect((await store.read(job.id))?.progress).to.eql(next);
      const error = new JobFailure(4000, "no media").toJobError();
      expect((await store.closeJob(job.id, 1, { status: "Error", error, detail: "" }))?.progress).to.eql(
        next,
      );
    });

    it("closes a job once and does not change it afterwards", async () => {
      const job = await claimJob();
      await store.begin(job.id, 1, "one");
      const completion = { status: "Complete", outputs: [], detail: "complete" } as const;
      const closed = await Promise.all([
        store.closeJob(job.id, 1, completion),
        store.closeJob(job.id, 1, completion),
      ]);
      expect(closed.filter((winner) => winner !== undefined)).to.have.length(1);
      expect(await store.cancel(job.id, "late")).to.equal(undefined);
      expect(await store.scheduleNextAttempt(job.id, 1, new Date().toISOString(), "late")).to.equal(
        undefined,
      );
      expect(await store.recordReport(job.id, 1, "one", { outputs: [], warnings: [] })).to.equal(false);
    });

    it("schedules the next attempt for another worker and clears the previous state", async () => {
      const job = await claimJob();
      await store.recordStart(job.id, 1, "task-1");
      await store.begin(job.id, 1, "one");
      const next = await store.scheduleNextAttempt(
        job.id,
        1,
        "2030-01-01T00:00:00.000Z",
        "the worker was lost",
      );
      expect([next?.status, next?.attempt, next?.engineJobId, next?.workerId]).to.deep.equal([
        "Submitted",
        2,
        undefined,
        undefined,
      ]);
      expect(await store.recordProgress(job.id, 1, "one", { percent: 99, phase: "late" })).to.equal(false);
      expect((await store.begin(job.id, 2, "two"))?.workerId).to.equal("two");
      expect(next?.maxAttempts).to.equal(job.maxAttempts);
      const free = await store.scheduleNextAttempt(job.id, 2, "2030-01-01T00:00:00.000Z", "restarted", {
        maxAttempts: 4,
      });
      expect([free?.attempt, free?.maxAttempts]).to.eql([3, 4]);
    });

    it("reopens a failed job with three more attempts", async () => {
      const job = await claimJob();
      const error = new JobFailure(4000, "no media").toJobError();
      await store.closeJob(job.id, 1, { status: "Error", error, detail: "no media" });
      const opened = await store.reopen(job.id, 1, "retried");
      expect([opened?.status, opened?.attempt, opened?.maxAttempts, opened?.error]).to.deep.equal([
        "Submitted",
        2,
        4,
        null,
      ]);
    });

    it("lists every unnotified closed job and no notified one", async () => {
      const job = await claimJob();
      await store.cancel(job.id, "cancelled");
      const ids = async () => (await collect(store.listUnnotified())).map(({ id }) => id);
      expect(await ids()).to.include(job.id);
      expect(await store.markNotified(job.id, 1)).to.equal(true);
      expect(await store.markNotified(job.id, 1)).to.equal(false);
      expect(await ids()).not.to.include(job.id);
    });

    it("pages through a status, newest first, without gaps", async () => {
      const ids: string[] = [];
      for (let number = 0; number < 60; number += 1) ids.unshift((await claimJob()).id);
      expect(await readAllPages(7)).to.eql(ids);
      expect(await readAllPages(60)).to.eql(ids);
      expect((await store.list("Progressing")).jobs).to.eql([]);
    });

    it("pages through results larger than one DynamoDB page", async function () {
      this.timeout(60_000);
      const ids: string[] = [];
      const heavy = { filler: "x".repeat(100_000) };
      // Those of one partition alone are over DynamoDB's 1 MB; the light ones between are of the others.
      while (ids.length < 32) {
        const job = newJob(ids.length % 2 === 0 ? heavy : {});
        if ((computeStatusShard("Submitted", job.id) === "Submitted#0") !== (ids.length % 2 === 0)) continue;
        await store.claim(job);
        ids.unshift(job.id);
      }
      expect(await readAllPages(30)).to.eql(ids);
    });

    it("pages through several statuses as one list, newest first", async () => {
      const ids: string[] = [];
      for (let number = 0; number < 12; number += 1) ids.push((await claimJob()).id);
      for (const id of ids.filter((_, index) => index % 3 === 0)) await store.begin(id, 1, "worker");
      for (const id of ids.filter((_, index) => index % 4 === 1)) await store.cancel(id, "canceled");
      const listedIds: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(["Submitted", "Progressing", "Canceled"], {
          limit: 5,
          ...(cursor === undefined ? {} : { cursor }),
        });
        listedIds.push(...page.jobs.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(listedIds).to.deep.equal(ids.toReversed());
    });

    it("pages through the jobs of an owner, newest first, in any status", async () => {
      const ids: string[] = [];
      for (let number = 0; number < 12; number += 1)
        ids.unshift((await claimJob({ "reelway-owner": number % 3 === 0 ? "ben" : "ann" })).id);
      await claimJob();
      await store.begin(ids[1] ?? "", 1, "worker");
      await store.cancel(ids[3] ?? "", "canceled");
      const listOwned = async (ownerId: string, limit: number) => {
        const listedIds: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.listByOwner(ownerId, {
            limit,
            ...(cursor === undefined ? {} : { cursor }),
          });
          expect(page.jobs.every((job) => job.ownerId === ownerId)).to.equal(true);
          listedIds.push(...page.jobs.map(({ id }) => id));
          cursor = page.cursor;
        } while (cursor !== undefined);
        return listedIds;
      };
      const idsOfBen = ids.filter((_, index) => (11 - index) % 3 === 0);
      expect(await listOwned("ben", 2)).to.eql(idsOfBen);
      expect(await listOwned("ann", 3)).to.eql(ids.filter((id) => !idsOfBen.includes(id)));
      expect(await listOwned("ann", 8)).to.have.length(8);
      expect(await listOwned("eve", 8)).to.eql([]);
    });

    it("pages through the jobs of the versions of one key, newest first, and of no other", async () => {
      const source = { bucket: "input", key: "thumbnails/ü *?#/a b.mp4" };
      const ids: string[] = [];
      for (let number = 0; number < 7; number += 1) {
        const job = newJob();
        const versioned = { ...source, bytes: 1, versionId: `v${number}` };
        ids.unshift(computeJobId(versioned, job.route));
        await store.claim({ ...job, id: ids[0] ?? "", source: versioned });
        await claimJob();
      }
      await store.cancel(ids[3] ?? "", "canceled");
      const listedIds: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listBySource(source, {
          limit: 3,
          ...(cursor === undefined ? {} : { cursor }),
        });
        listedIds.push(...page.jobs.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(listedIds).to.eql(ids);
      expect((await store.listBySource({ ...source, bucket: "other" })).jobs).to.eql([]);
      expect((await store.listBySource({ ...source, key: "thumbnails/ü *?#/a b" })).jobs).to.eql([]);
    });

    it("reports an invalid cursor as the caller's mistake", async () => {
      for (const cursor of [
        "",
        "{}",
        "null",
        '{"createdAtId":7}',
        '{"createdAtId":"yesterday"}',
        "no JSON",
      ]) {
        const failure = await store.list("Submitted", { cursor }).catch((cause: unknown) => cause);
        expect(failure, cursor).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
        const ownedFailure = await store.listByOwner("ann", { cursor }).catch((cause: unknown) => cause);
        expect(ownedFailure, cursor).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
      }
    });

    it("lists all jobs of a status, oldest first", async () => {
      const ids: string[] = [];
      for (let number = 0; number < 30; number += 1) ids.push((await claimJob()).id);
      expect((await collect(store.listAll("Submitted"))).map(({ id }) => id)).to.eql(ids);
      expect(await collect(store.listAll("Error"))).to.eql([]);
    });

    it("returns a job as it was stored", async () => {
      const job = newJob({ title: "ü" });
      expect(await store.claim(job)).to.eql({ claimed: true, job });
      expect(await store.read(job.id)).to.eql(JSON.parse(JSON.stringify(job)));
      expect(await store.read(newJob().id)).to.equal(undefined);
    });

    it("stores as many outputs as fit, and counts the rest", async function () {
      this.timeout(60_000);
      const { id } = await claimJob();
      await store.begin(id, 1, "one");
      const outputs: JobOutput[] = Array.from({ length: 10_000 }, (_, number) => ({
        key: `frames/${"語".repeat(200)}/${number}.jpg`,
        bytes: 123_456,
        width: 1920,
        height: 1080,
      }));
      expect(await store.recordReport(id, 1, "one", { outputs, warnings: ["dark"] })).to.equal(true);
      const report = (await store.read(id))?.report;
      const keptCount = report?.outputs.length ?? 0;
      expect(keptCount).to.be.within(100, 9999);
      expect(report?.outputs).to.eql(outputs.slice(0, keptCount));
      expect(report?.warnings).to.have.length(2);
      expect(report?.warnings[0]).to.match(new RegExp(`^${10_000 - keptCount} more outputs `));
      const closed = await store.closeJob(id, 1, { status: "Complete", outputs, detail: "complete" });
      expect(closed?.outputs).to.eql(outputs.slice(0, keptCount));
      expect(closed?.history.at(-1)?.detail).to.match(
        new RegExp(`^complete; ${10_000 - keptCount} more outputs `),
      );
    });

    it("keeps the first history entry and the newest fifty", async function () {
      this.timeout(60_000);
      const { id } = await claimJob();
      let attempt = 1;
      for (; attempt <= 200; attempt += 1)
        await store.scheduleNextAttempt(id, attempt, new Date().toISOString(), `${attempt} was lost`);
      const job = await store.cancel(id, "enough");
      expect(job).to.eql(await store.read(id));
      expect(job?.history.map((entry) => entry.detail.split(" ")[0])).to.eql([
        "claimed",
        ...Array.from({ length: 49 }, (_, number) => String(number + 152)),
        "enough",
      ]);
    });

    it("stores the longest values of all fields at once", async function () {
      this.timeout(60_000);
      const longText = "語".repeat(100_000);
      const outputs = Array.from({ length: 1000 }, (_, number) => ({
        key: `${number}${"語".repeat(340)}`,
        bytes: 1,
      }));
      const { id } = await claimJob({ note: "x".repeat(2000) });
      for (let attempt = 1; attempt <= 60; attempt += 1)
        await store.scheduleNextAttempt(id, attempt, new Date().toISOString(), longText);
      await store.begin(id, 61, "one");
      const error = new JobFailure(4002, longText).toJobError();
      const warnings = Array.from({ length: 100 }, () => longText);
      expect(await store.recordReport(id, 61, "one", { outputs, warnings, error })).to.equal(true);
      expect(
        (await store.closeJob(id, 61, { status: "Complete", outputs, detail: longText }))?.status,
      ).to.equal("Complete");
      expect(await store.markNotified(id, 61)).to.equal(true);
      expect(jsonBytes(await store.read(id))).to.be.below(maxItemBytes);
    });

    it("neither changes nor creates a missing job", async () => {
      const { id } = newJob();
      const completion = { status: "Complete", outputs: [], detail: "complete" } as const;
      const progress = { percent: 1, phase: "encoding" };
      expect([
        await store.recordStart(id, 1, "task"),
        await store.begin(id, 1, "one"),
        await store.recordProgress(id, 1, "one", progress),
        await store.recordPhase(id, 1, "one", progress),
        await store.markProgressing(id, 1),
        await store.recordSlot(id, 1, "2026-11-21T03"),
        await store.recordReport(id, 1, "one", { outputs: [], warnings: [] }),
        await store.scheduleNextAttempt(id, 1, new Date().toISOString(), "lost"),
        await store.closeJob(id, 1, completion),
        await store.cancel(id, "cancelled"),
        await store.reopen(id, 1, "retried"),
        await store.markNotified(id, 1),
      ]).to.eql([
        false,
        undefined,
        false,
        false,
        false,
        false,
        false,
        undefined,
        undefined,
        undefined,
        undefined,
        false,
      ]);
      expect(await store.read(id)).to.equal(undefined);
    });

    it("records the start of the current attempt of an open job, in its own engine and in another", async () => {
      const { id } = await claimJob();
      expect(await store.recordStart(id, 2, "task")).to.equal(false);
      expect(await store.recordStart(id, 1, "task")).to.equal(true);
      expect(await store.markProgressing(id, 2)).to.equal(false);
      expect(await store.markProgressing(id, 1)).to.equal(true);
      expect(await store.markProgressing(id, 1), "again").to.equal(false);
      expect(await store.read(id)).to.deep.include({
        status: "Progressing",
        engineJobId: "task",
        progress: { percent: 0, phase: "transcoding" },
      });
      await store.cancel(id, "cancelled");
      expect(await store.recordStart(id, 1, "another")).to.equal(false);
      expect(await store.markProgressing(id, 1)).to.equal(false);
      expect(await store.begin(id, 1, "one")).to.equal(undefined);
      expect(await store.read(id)).to.deep.include({ status: "Canceled", engineJobId: "task" });
    });

    it("finds a job by its source and by its engine's job", async () => {
      const job = await claimJob();
      await store.recordStart(job.id, 1, "task-of-mine");
      expect((await store.findBySource("input", job.source.key)).map(({ id }) => id)).to.deep.equal([job.id]);
      expect((await store.findByEngineJobId("task-of-mine"))?.id).to.equal(job.id);
    });

    it("deletes the record of a closed job only, and may be asked again", async () => {
      const job = await claimJob({ "reelway-owner": "ann" });
      expect(await store.remove(job.id)).to.equal(false);
      await store.begin(job.id, 1, "one");
      await store.recordProgress(job.id, 1, "one", { percent: 60, phase: "encoding" });
      expect(await store.remove(job.id)).to.equal(false);
      await store.cancel(job.id, "canceled");
      expect([await store.remove(job.id), await store.remove(job.id)]).to.eql([true, true]);
      expect(await store.read(job.id)).to.equal(undefined);
      expect(await store.findBySource("input", job.source.key)).to.eql([]);
      expect((await store.listByOwner("ann")).jobs).to.eql([]);
      expect(await collect(store.listUnnotified())).to.eql([]);
      expect((await store.claim(job)).claimed).to.equal(true);
      await store.begin(job.id, 1, "one");
      expect(await store.recordProgress(job.id, 1, "one", { percent: 1, phase: "encoding" })).to.equal(true);
    });

    const deferral = {
      cause: "capacity",
      reason: "no capacity",
      since: "2026-11-21T03:00:00.000Z",
      count: 1,
    } as const;
    const notBefore = "2026-11-21T03:01:00.000Z";

    it("defers an attempt that is not started, with one history entry for each reason", async () => {
      const { id } = await claimJob();
      const wait = { deferral, notBefore, detail: "no capacity" };
      expect(await store.defer(id, 2, wait)).to.equal(undefined);
      expect((await store.defer(id, 1, wait))?.history).to.have.length(2);
      const again = await store.defer(id, 1, {
        ...wait,
        deferral: { ...deferral, count: 2 },
        notBefore: "2026-11-21T03:02:00.000Z",
      });
      expect([again?.deferral?.count, again?.notBefore, again?.history.length]).to.eql([
        2,
        "2026-11-21T03:02:00.000Z",
        2,
      ]);
      const image = { ...deferral, cause: "image", reason: "no image" } as const;
      expect((await store.defer(id, 1, { ...wait, deferral: image }))?.history).to.have.length(3);
      await store.recordStart(id, 1, "task");
      expect(await store.defer(id, 1, wait)).to.equal(undefined);
      expect((await store.begin(id, 1, "one"))?.deferral).to.equal(undefined);
      const next = await store.scheduleNextAttempt(id, 1, notBefore, "interrupted", { deferral });
      expect(next?.deferral).to.eql(deferral);
    });

    it("completes the source of a job that is not started", async () => {
      const { id, source, specification } = await claimJob();
      if (specification === null) throw new Error("no specification");
      const upload = {
        source: { ...source, bytes: 7 },
        specification: { ...specification, metadata: { watermark: "a.png" } },
        ownerId: "owner",
      };
      expect(await store.completeSource(id, 2, upload)).to.equal(undefined);
      expect(await store.completeSource(id, 1, upload)).to.deep.include(upload);
      await store.recordStart(id, 1, "task");
      expect(await store.completeSource(id, 1, upload)).to.equal(undefined);
    });

    it("records one hourly slot until the job is reopened", async () => {
      const { id } = await claimJob();
      const hour = "2026-11-21T03";
      expect([
        await store.recordSlot(id, 2, hour),
        await store.recordSlot(id, 1, hour),
        await store.recordSlot(id, 1, "2026-11-21T04"),
      ]).to.eql([false, true, false]);
      expect((await store.read(id))?.hourSlot).to.equal(hour);
      await store.cancel(id, "canceled");
      expect((await store.reopen(id, 1, "retried"))?.hourSlot).to.equal(undefined);
      expect(await store.recordSlot(id, 2, "2026-11-21T04")).to.equal(true);
    });

    it("marks a route's backlog, until it is cleared after the last mark", async () => {
      expect(await store.hasBacklog("one")).to.equal(false);
      const now = () => new Date().toISOString();
      const before = now();
      await store.markBacklog("one");
      await store.markBacklog("one");
      expect([await store.hasBacklog("one"), await store.hasBacklog("two")]).to.eql([true, false]);
      await store.clearBacklog("one", before);
      expect(await store.hasBacklog("one")).to.equal(true);
      const later = new Date(Date.parse(now()) + 1000).toISOString();
      await store.clearBacklog("one", later);
      await store.clearBacklog("one", later);
      await store.clearBacklog("two", later);
      expect(await store.hasBacklog("one")).to.equal(false);
      await store.markBacklog("one");
      expect(await store.hasBacklog("one")).to.equal(true);
    });

    it("finds which of many ids have a record", async () => {
      const { id } = await claimJob();
      const others = Array.from({ length: 250 }, (_, number) => `missing-${number}`);
      expect([...(await store.findExisting([...others, id]))]).to.eql([id]);
      expect([...(await store.findExisting([]))]).to.eql([]);
    });

    it("grants no more slots an hour than the limit, under concurrent requests", async () => {
      const results = await Promise.all(
        Array.from({ length: 12 }, () => store.takeHourlySlot("2026-11-21T03", 5)),
      );
      expect(results.filter((isTaken) => isTaken)).to.have.length(5);
      expect(await store.takeHourlySlot("2026-11-21T04", 0)).to.equal(false);
      expect(await store.takeHourlySlot("2026-11-21T04", 1)).to.equal(true);
      expect(await store.read("hour#2026-11-21T03")).to.equal(undefined);
    });
  });
};
