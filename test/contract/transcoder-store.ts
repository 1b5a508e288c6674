import { expect } from "chai";
import type {
  Pipeline,
  TranscoderJob,
  TranscoderOutput,
} from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type {
  TranscoderJobOutcome,
  TranscoderPage,
  TranscoderStore,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { collect } from "./collect.ts";

const [preset] = systemPresets;
if (preset === undefined) throw new Error("no preset");
const config = { Bucket: "output", StorageClass: "Standard" as const, Permissions: [] };
const pipeline: Pipeline = {
  Id: "1111111111111-aaaaaa",
  Arn: "arn:aws:elastictranscoder:us-east-1:000000000000:pipeline/1111111111111-aaaaaa",
  Name: "ü",
  Status: "Active",
  InputBucket: "input",
  OutputBucket: "output",
  Role: "arn:aws:iam::000000000000:role/reelway",
  Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
  ContentConfig: { ...config, Permissions: [{ GranteeType: "Group", Grantee: "All", Access: ["Read"] }] },
  ThumbnailConfig: config,
};
const output = (id: string): TranscoderOutput => ({
  id,
  key: `${id}.mp4`,
  preset,
  rotate: "auto",
  thumbnailPattern: "",
  watermarks: [],
  status: "Submitted",
});
const complete: TranscoderJobOutcome = {
  status: "Complete",
  outputs: [{ ...output("1"), status: "Complete" }],
  playlists: [],
};
const failed = (message: string): TranscoderJobOutcome => ({
  status: "Error",
  outputs: [{ ...output("1"), status: "Error", statusDetail: message }],
  playlists: [],
  error: new JobFailure(4000, message).toJobError(),
  statusDetail: message,
});
const progress = { percent: 1, phase: "encoding" };
const soon = "2030-01-01T00:00:00.000Z";

/**
 * What every `TranscoderStore` holds (pipeline/elastic-transcoder/jobs/transcoder-store.ts).
 *
 * @param open a store without jobs and pipelines
 */
export const describeTranscoderStoreContract = (name: string, open: () => Promise<TranscoderStore>): void => {
  describe(`the transcoder store contract, ${name}`, () => {
    let store: TranscoderStore;
    let count = 0;
    beforeEach(async () => {
      store = await open();
    });

    /** Each job is a millisecond older than the next. */
    const buildJob = (changes: Partial<TranscoderJob> = {}): TranscoderJob => {
      count += 1;
      const at = new Date(1_795_000_000_000 + count).toISOString();
      return {
        id: `${1_795_000_000_000 + count}-${String(count).padStart(6, "0")}`,
        pipelineId: pipeline.Id,
        inputBucket: "input",
        inputKey: `${count}.mp4`,
        inputSettings: { FrameRate: "auto" },
        playlists: [],
        outputBucket: "output",
        contentConfig: config,
        thumbnailConfig: config,
        outputs: [output("1")],
        userMetadata: { "reelway-job": "j", title: "ü" },
        status: "Submitted",
        attempt: 1,
        maxAttempts: 3,
        progress: { percent: 0, phase: "submitted" },
        limits: { maxSourceMinutes: 60, maxVideoPixels: 1e8, maxImagePixels: 1e8 },
        createdAt: at,
        updatedAt: at,
        history: [{ at, status: "Submitted", attempt: 1, detail: "created" }],
        ...changes,
      };
    };
    const createJob = (changes: Partial<TranscoderJob> = {}) => store.create(buildJob(changes));
    const ids = async (jobs: AsyncIterable<TranscoderJob>) => (await collect(jobs)).map(({ id }) => id);
    const readDetails = (job: TranscoderJob | undefined) =>
      job?.history.map(({ status, attempt, detail }) => [status, attempt, detail]);

    it("returns the existing job for a repeated creation", async () => {
      const job = buildJob();
      expect(await Promise.all(Array.from({ length: 10 }, () => store.create(job)))).to.eql(
        Array.from({ length: 10 }, () => job),
      );
      const begun = await store.begin(job.id, 1, "one");
      expect(await store.create(job)).to.eql(begun);
      expect((await store.read(job.id))?.status).to.equal("Progressing");
    });

    it("returns a job as it was stored", async () => {
      const job = await createJob({ outputKeyPrefix: "web/", outputs: [output("1"), output("2")] });
      expect(await store.read(job.id)).to.eql(job);
      expect(await store.read(buildJob().id)).to.equal(undefined);
    });

    it("records the task of the current attempt while the job is open", async () => {
      const { id } = await createJob();
      expect(await store.recordTask(id, 2, "task-2")).to.equal(undefined);
      expect((await store.recordTask(id, 1, "task-1"))?.taskId).to.equal("task-1");
      await store.closeJob(id, 1, complete);
      expect(await store.recordTask(id, 1, "task-3")).to.equal(undefined);
      expect((await store.read(id))?.taskId).to.equal("task-1");
    });

    it("gives an attempt to one of twenty workers, which may ask twice", async () => {
      const { id } = await createJob();
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, number) => store.begin(id, 1, `worker ${number}`)),
      );
      const [holder, ...others] = results.filter((job) => job !== undefined);
      expect({ status: holder?.status, others }).to.eql({ status: "Progressing", others: [] });
      expect((await store.begin(id, 1, holder?.workerId ?? ""))?.workerId).to.equal(holder?.workerId);
    });

    it("only raises progress, and only for the worker of the current attempt", async () => {
      const { id } = await createJob();
      expect(await store.recordProgress(id, 1, "one", progress)).to.equal(false);
      await store.begin(id, 1, "one");
      const probe = { formats: ["mov", "mp4"], durationSeconds: 1.5 };
      const recordPercent = (worker: string, attempt: number, percent: number) =>
        store.recordProgress(id, attempt, worker, { percent, phase: "encoding" });
      expect([
        await recordPercent("one", 1, 10),
        await recordPercent("one", 1, 5),
        await recordPercent("two", 1, 50),
        await recordPercent("one", 2, 50),
        await recordPercent("one", 1, 60),
        await store.recordPhase(id, 1, "one", { percent: 60, phase: "verifying" }, probe),
        await recordPercent("one", 1, 61),
      ]).to.eql([true, false, false, false, true, true, true]);
      expect(await store.read(id)).to.deep.include({ progress: { percent: 61, phase: "encoding" }, probe });
    });

    it("returns the progress with every read and page, and begins each attempt at 0", async () => {
      const { id } = await createJob();
      await store.begin(id, 1, "one");
      const half = { percent: 50, phase: "encoding" };
      await store.recordProgress(id, 1, "one", half);
      const read = await store.read(id);
      expect(read?.progress).to.eql(half);
      const page = { ascending: true, limit: 20 };
      expect((await store.listByPipeline(pipeline.Id, page)).entries).to.eql([read]);
      expect((await store.listByStatus("Progressing", page)).entries).to.eql([read]);
      const next = await store.scheduleNextAttempt(id, 1, soon, "lost");
      expect(await store.read(id)).to.eql(next);
      await store.begin(id, 2, "two");
      expect((await store.read(id))?.progress.percent).to.equal(0);
      expect(await store.recordProgress(id, 1, "one", { percent: 60, phase: "late" })).to.equal(false);
      expect(await store.recordProgress(id, 2, "two", progress)).to.equal(true);
      const failedJob = await store.closeJob(id, 2, failed("no media"));
      expect(failedJob?.progress).to.eql(progress);
      expect(await store.recordProgress(id, 2, "two", half)).to.equal(false);
      expect(await store.read(id)).to.eql(failedJob);
    });

    it("keeps the phase of publishing in the record", async () => {
      const { id } = await createJob();
      await store.begin(id, 1, "one");
      await store.recordProgress(id, 1, "one", { percent: 90, phase: "encoding" });
      const publishing = { percent: 95, phase: "publishing" };
      expect(await store.recordPhase(id, 1, "two", publishing)).to.equal(false);
      expect(await store.recordPhase(id, 1, "one", publishing)).to.equal(true);
      expect(await store.recordProgress(id, 1, "one", { percent: 94, phase: "encoding" })).to.equal(false);
      expect((await store.read(id))?.progress).to.eql(publishing);
    });

    it("accepts the report of the attempt's worker only", async () => {
      const { id } = await createJob();
      await store.begin(id, 1, "one");
      const report = { outputs: [{ key: "1.mp4", bytes: 3, durationSeconds: 1.5 }], warnings: ["dark"] };
      expect(await store.recordReport(id, 1, "two", report)).to.equal(false);
      expect(await store.recordReport(id, 1, "one", report)).to.equal(true);
      expect((await store.read(id))?.report).to.eql(report);
    });

    it("schedules the next attempt for another worker and clears the previous state", async () => {
      const { id } = await createJob();
      await store.recordTask(id, 1, "task-1");
      await store.begin(id, 1, "one");
      await store.recordReport(id, 1, "one", { outputs: [], warnings: [] });
      const next = await store.scheduleNextAttempt(id, 1, soon, "the worker was lost");
      expect(next).to.include({ status: "Submitted", attempt: 2, notBefore: soon });
      expect(next).not.to.have.any.keys("taskId", "workerId", "report");
      expect(await store.scheduleNextAttempt(id, 1, soon, "again")).to.equal(undefined);
      expect(await store.recordProgress(id, 1, "one", { percent: 99, phase: "late" })).to.equal(false);
      expect(await store.closeJob(id, 1, complete)).to.equal(undefined);
      expect((await store.begin(id, 2, "two"))?.workerId).to.equal("two");
      expect(next?.maxAttempts).to.equal(3);
      expect(await store.scheduleNextAttempt(id, 2, soon, "restarted", { maxAttempts: 4 })).to.include({
        attempt: 3,
        maxAttempts: 4,
      });
    });

    it("closes a job once and does not change it afterwards", async () => {
      const { id } = await createJob();
      await store.begin(id, 1, "one");
      const closed = await Promise.all([
        store.closeJob(id, 1, complete),
        store.closeJob(id, 1, failed("late")),
      ]);
      const [winner, ...others] = closed.filter((job) => job !== undefined);
      expect(others).to.eql([]);
      expect(await store.cancel(id)).to.equal(undefined);
      expect(await store.scheduleNextAttempt(id, 1, soon, "late")).to.equal(undefined);
      expect(await store.recordReport(id, 1, "one", { outputs: [], warnings: [] })).to.equal(false);
      expect(await store.begin(id, 1, "one")).to.equal(undefined);
      expect(await store.read(id)).to.eql(winner);
    });

    it("stores the result of a job", async () => {
      const [openJob, failedJob] = [await createJob(), await createJob()];
      const done = await store.closeJob(openJob.id, 1, complete);
      expect(done).to.deep.include({
        status: "Complete",
        outputs: complete.outputs,
        progress: { percent: 100, phase: "complete" },
      });
      const failure = failed("no media");
      const closed = await store.closeJob(failedJob.id, 1, failure);
      expect(closed).to.deep.include({
        status: "Error",
        outputs: failure.outputs,
        error: { code: 4000, name: "UnsupportedFormat", message: "no media", retryable: false },
        statusDetail: "no media",
      });
      expect(closed?.finishedAt).to.equal(closed?.updatedAt);
      expect(readDetails(closed)?.at(-1)).to.eql(["Error", 1, "no media"]);
    });

    it("cancels a job that no worker has started, in any attempt", async () => {
      const [fresh, started, begun, again] = [
        await createJob(),
        await createJob(),
        await createJob(),
        await createJob(),
      ];
      await store.recordTask(started.id, 1, "task");
      await store.begin(begun.id, 1, "one");
      await store.scheduleNextAttempt(again.id, 1, soon, "the worker was lost");
      expect((await store.cancel(fresh.id))?.status).to.equal("Canceled");
      expect(await store.cancel(started.id)).to.equal(undefined);
      expect(await store.cancel(begun.id)).to.equal(undefined);
      expect(readDetails(await store.cancel(again.id))?.at(-1)).to.eql(["Canceled", 2, "canceled"]);
      expect(await store.cancel(fresh.id)).to.equal(undefined);
      expect(await store.begin(fresh.id, 1, "one")).to.equal(undefined);
    });

    it("lists unnotified closed jobs, and no canceled ones", async () => {
      const [completeJob, errorJob, openJob, canceledJob] = [
        await createJob(),
        await createJob(),
        await createJob(),
        await createJob(),
      ];
      await store.closeJob(completeJob.id, 1, complete);
      await store.closeJob(errorJob.id, 1, failed("no media"));
      await store.cancel(canceledJob.id);
      expect(await ids(store.listUnnotified())).to.have.members([completeJob.id, errorJob.id]);
      expect(await store.markNotified(completeJob.id, 2)).to.equal(false);
      expect(await store.markNotified(completeJob.id, 1)).to.equal(true);
      expect(await store.markNotified(completeJob.id, 1)).to.equal(false);
      expect(await store.markNotified(openJob.id, 1)).to.equal(false);
      expect(await ids(store.listUnnotified())).to.eql([errorJob.id]);
      expect((await store.read(completeJob.id))?.notifiedAt).to.be.a("string");
    });

    it("lists a pipeline's pending and running jobs, oldest first", async () => {
      const createdIds: string[] = [];
      for (let number = 0; number < 12; number += 1) createdIds.push((await createJob()).id);
      const [begunId = "", startedId = "", closedId = "", cancelledId = "", reattemptedId = ""] = createdIds;
      await store.begin(begunId, 1, "one");
      await store.recordTask(startedId, 1, "task");
      await store.recordTask(closedId, 1, "task");
      await store.closeJob(closedId, 1, complete);
      await store.cancel(cancelledId);
      await store.recordTask(reattemptedId, 1, "task");
      await store.scheduleNextAttempt(reattemptedId, 1, soon, "the worker was lost");
      await createJob({ pipelineId: "2222222222222-bbbbbb" });
      expect(await ids(store.listPending(pipeline.Id))).to.eql(createdIds.slice(4));
      expect(await ids(store.listRunning(pipeline.Id))).to.eql([begunId, startedId]);
    });

    const readAllPages = async (
      list: (cursor: string | undefined) => Promise<TranscoderPage<TranscoderJob>>,
    ) => {
      const listedJobs: TranscoderJob[] = [];
      let cursor: string | undefined;
      do {
        const page = await list(cursor);
        expect(page.entries.length).to.be.at.most(20);
        listedJobs.push(...page.entries);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return listedJobs;
    };

    it("pages through jobs in both directions, also within one millisecond", async function () {
      this.timeout(60_000);
      const createdIds: string[] = [];
      const createdAt = new Date(1_795_000_100_000).toISOString();
      for (let number = 0; number < 60; number += 1)
        createdIds.push((await createJob(number % 2 === 0 ? { createdAt } : {})).id);
      const other = await createJob({ pipelineId: "2222222222222-bbbbbb" });
      const ofPipeline = (ascending: boolean, pipelineId = pipeline.Id) =>
        readAllPages((cursor) => store.listByPipeline(pipelineId, { ascending, limit: 20, cursor }));
      const ofStatus = (ascending: boolean) =>
        readAllPages((cursor) => store.listByStatus("Submitted", { ascending, limit: 20, cursor }));
      const forth = await ofPipeline(true);
      expect(forth.map(({ id }) => id)).to.have.members(createdIds);
      const times = forth.map((job) => job.createdAt);
      expect(times).to.eql([...times].sort());
      expect(await ofPipeline(false)).to.eql([...forth].reverse());
      expect((await ofPipeline(true, other.pipelineId)).map(({ id }) => id)).to.eql([other.id]);
      const all = await ofStatus(true);
      expect(all.map(({ id }) => id)).to.have.members([...createdIds, other.id]);
      expect(all.filter(({ pipelineId }) => pipelineId === pipeline.Id)).to.eql(forth);
      expect(await ofStatus(false)).to.eql([...all].reverse());
    });

    it("reports an invalid page token as the caller's mistake", async () => {
      for (const token of ["", "{}", "null", '{"createdAtId":7}', "no JSON"]) {
        const failure = await store
          .listByPipeline(pipeline.Id, { ascending: true, limit: 20, cursor: token })
          .catch((cause: unknown) => cause);
        expect(failure, token).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
      }
    });

    it("stores thirty outputs, a long report and many attempts at once", async function () {
      this.timeout(60_000);
      const longText = "語".repeat(100_000);
      const outputs = Array.from({ length: 30 }, (_, number) => output(String(number + 1)));
      const at = new Date().toISOString();
      const entry = { at, status: "Submitted", attempt: 1, detail: "語".repeat(500) } as const;
      const history = [{ ...entry, detail: "created" }, ...Array.from({ length: 50 }, () => entry)];
      const { id } = await createJob({ outputs, history });
      await store.scheduleNextAttempt(id, 1, soon, longText);
      await store.begin(id, 2, "one");
      const manyAttempts = Array.from({ length: 1000 }, (_, number) => ({
        key: `${number}${"語".repeat(340)}`,
        bytes: 1,
      }));
      expect(
        await store.recordReport(id, 2, "one", { outputs: manyAttempts, warnings: [longText] }),
      ).to.equal(true);
      const failedOutputs = outputs.map((one) => ({
        ...one,
        status: "Error" as const,
        statusDetail: longText,
      }));
      const closed = await store.closeJob(id, 2, { ...failed(longText), outputs: failedOutputs });
      expect(closed?.outputs).to.have.length(30);
      expect(closed?.history).to.have.length(51);
      expect(readDetails(closed)?.[0]).to.eql(["Submitted", 1, "created"]);
      expect(await store.markNotified(id, 2)).to.equal(true);
      // DynamoDB's limit of an item, which moto holds to; dynalite lets a change go over it.
      expect(Buffer.byteLength(JSON.stringify(await store.read(id)))).to.be.below(400 * 1024);
    });

    it("neither changes nor creates a missing job", async () => {
      const { id } = buildJob();
      expect([
        await store.recordTask(id, 1, "task"),
        await store.begin(id, 1, "one"),
        await store.recordProgress(id, 1, "one", progress),
        await store.recordPhase(id, 1, "one", progress),
        await store.recordReport(id, 1, "one", { outputs: [], warnings: [] }),
        await store.scheduleNextAttempt(id, 1, soon, "lost"),
        await store.closeJob(id, 1, complete),
        await store.cancel(id),
        await store.markNotified(id, 1),
      ]).to.eql([undefined, undefined, false, false, false, undefined, undefined, undefined, false]);
      expect(await store.read(id)).to.equal(undefined);
    });

    it("records once that the start notification of an attempt was sent", async () => {
      const { id } = await createJob();
      await store.recordTask(id, 1, "task");
      expect(await store.markStartNotified(id, 2)).to.equal(false);
      expect(await store.markStartNotified(id, 1)).to.equal(true);
      expect(await store.markStartNotified(id, 1)).to.equal(false);
      expect(await store.scheduleNextAttempt(id, 1, soon, "lost")).not.to.have.property("startNotifiedAt");
    });

    it("stores pipelines next to jobs", async () => {
      expect(await store.readPipeline(pipeline.Id)).to.equal(undefined);
      expect(await store.updatePipeline(pipeline.Id, (held) => held)).to.equal(undefined);
      expect(await store.deletePipeline(pipeline.Id)).to.equal(false);
      expect(await store.createPipeline(pipeline)).to.equal(true);
      expect(await store.createPipeline({ ...pipeline, Name: "another" })).to.equal(false);
      expect(await store.readPipeline(pipeline.Id)).to.eql(pipeline);
      expect(await store.read(`pipeline#${pipeline.Id}`)).to.equal(undefined);
      const first = { ascending: true, limit: 20 };
      expect((await store.listByPipeline(pipeline.Id, first)).entries).to.eql([]);
      const job = await createJob();
      expect(await store.readPipeline(job.id)).to.equal(undefined);
      expect(await store.deletePipeline(pipeline.Id)).to.equal(true);
      expect(await store.readPipeline(pipeline.Id)).to.equal(undefined);
      expect((await store.listPipelines(first)).entries).to.eql([]);
    });

    it("loses no concurrent change of a pipeline", async () => {
      await store.createPipeline({ ...pipeline, Name: "" });
      const add = (letter: string) =>
        store.updatePipeline(pipeline.Id, (held) => ({ ...held, Name: `${held.Name}${letter}` }));
      await Promise.all([..."abcdef"].map(add));
      expect([...((await store.readPipeline(pipeline.Id))?.Name ?? "")].sort().join("")).to.equal("abcdef");
    });

    it("pages through pipelines and presets, oldest or newest first", async () => {
      const pipelineIds = [1, 2, 3, 4, 5].map((number) => `179500000000${number}-aaaaaa`);
      for (const Id of [...pipelineIds].reverse()) {
        await store.createPipeline({ ...pipeline, Id });
        await store.createPreset({ ...preset, Id });
      }
      const [head = "", ...rest] = pipelineIds;
      for (const list of [store.listPipelines, store.listPresets]) {
        const page = await list({ ascending: true, limit: 1 });
        expect(page.entries.map(({ Id }) => Id)).to.eql([head]);
        const next = await list({ ascending: true, limit: 10, cursor: page.cursor });
        expect([next.entries.map(({ Id }) => Id), next.cursor]).to.eql([rest, undefined]);
        const back = await list({ ascending: false, limit: 5 });
        expect([back.entries.map(({ Id }) => Id), back.cursor]).to.eql([
          [...pipelineIds].reverse(),
          undefined,
        ]);
      }
      expect((await collect(store.listAllPipelines())).map(({ Id }) => Id)).to.eql(pipelineIds);
      expect(await store.readPreset(head)).to.eql({ ...preset, Id: head });
      expect([await store.deletePreset(head), await store.deletePreset(head)]).to.eql([true, false]);
      expect(await store.readPreset(head)).to.equal(undefined);
    });
  });
};
