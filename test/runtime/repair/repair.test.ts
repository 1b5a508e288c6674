import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { noMetrics } from "../../../adapters/local/metrics.ts";
import { createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { AppearanceStore } from "../../../pipeline/highlights/appearance-store.ts";
import { claimJob } from "../../../pipeline/jobs/claim-upload.ts";
import { buildJobMessage } from "../../../pipeline/jobs/close-job.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { computeJobId } from "../../../pipeline/jobs/job-id.ts";
import { buildOutputMetadata } from "../../../pipeline/jobs/ownership.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import configured from "../../../reelway.config.ts";
import { type DataFolder, resolveDataFolder } from "../../../runtime/data-folder.ts";
import { localBuckets, topicArns } from "../../../runtime/names.ts";
import { repairDatabase } from "../../../runtime/repair/repair.ts";

const configuration = parseConfiguration(configured);
const clock = { now: () => new Date() };

describe("the repair of a damaged database", () => {
  let folder: DataFolder;
  const objects = () => createLocalObjectStore({ directory: folder.objects });
  const open = async () => {
    const database = await openDatabase({ directory: folder.database });
    return { database, jobs: createDynamoJobStore(database.client, localTableNames.jobs, clock) };
  };

  /** Uploads a file, and answers the source and the id of its job. */
  const upload = async (key: string) => {
    const path = join(folder.root, "file");
    await writeFile(path, key);
    const head = await objects().write(
      { bucket: localBuckets.input, key },
      { file: path },
      { contentType: "video/mp4", metadata: {} },
    );
    const { bucket, versionId, bytes, modifiedAt } = head;
    const source = { bucket, key, versionId, bytes, modifiedAt, etag: head.etag.replaceAll('"', "") };
    const match = matchRoute(configuration, key);
    return { source, id: computeJobId(source, match.kind === "route" ? match.route.name : null) };
  };
  /** Claims the job of an upload. */
  const claim = async (key: string): Promise<Job> => {
    const { source } = await upload(key);
    const { database, jobs } = await open();
    try {
      const claimed = await claimJob(
        {
          configuration,
          outputBucket: localBuckets.output,
          jobs,
          clock,
          objects: objects(),
          log: { info: () => undefined, warn: () => undefined, error: () => undefined },
          metrics: noMetrics,
        },
        source,
        { triggers: "all" },
      );
      if (claimed.kind !== "claimed") throw new Error(`${key} is ${claimed.kind}.`);
      return claimed.job;
    } finally {
      await database.close();
    }
  };
  /** Logs the notification of a job's end. */
  const notify = (job: Job, changes: Partial<Job>) =>
    appendFile(
      folder.notifications,
      `${JSON.stringify({
        at: "2026-11-28T00:00:00Z",
        topic: topicArns.jobs,
        id: `${job.id}-${job.attempt}`,
        subject: "",
        message: JSON.stringify(buildJobMessage({ ...job, ...changes })),
      })}\n`,
    );
  const damage = async (names: RegExp) => {
    for (const name of await readdir(folder.database))
      if (names.test(name)) await writeFile(join(folder.database, name), Buffer.alloc(4096, 0xa5));
  };
  const listStoredJobs = async (id: string): Promise<Job | undefined> => {
    const { database, jobs } = await open();
    try {
      return await jobs.read(id);
    } finally {
      await database.close();
    }
  };

  beforeEach(async () => {
    folder = resolveDataFolder(await mkdtemp(join(tmpdir(), "reelway-repair-")));
    await mkdir(folder.objects, { recursive: true });
  });
  afterEach(() => rm(folder.root, { recursive: true, force: true }));

  it("does not change an undamaged database", async () => {
    const job = await claim("a.mkv");
    expect(await repairDatabase(folder, configuration)).to.deep.equal({ kind: "undamaged" });
    expect(await listStoredJobs(job.id)).to.deep.equal(job);
  });

  it("fails while a process has the database open", async () => {
    const { database } = await open();
    const refused = await repairDatabase(folder, configuration).catch(String);
    await database.close();
    expect(refused).to.include(`The data folder ${folder.root} is in use by a running runtime`);
  });

  it("keeps readable records if the manifest is damaged", async () => {
    const job = await claim("a.mkv");
    await damage(/^MANIFEST-/);
    const report = await repairDatabase(folder, configuration);
    expect(report).to.deep.include({
      kind: "repaired",
      jobs: { kept: 1, rebuilt: 0, claimed: 0, skipped: 0 },
    });
    expect(await listStoredJobs(job.id)).to.deep.equal(job);
  });

  it("keeps what was found in channels", async () => {
    const sighting = {
      kind: "label",
      id: "Person",
      name: "Person",
      confidence: 90,
      frame: { segmentId: "0-1", frame: 0, time: 1_796_000_000 },
    } as const;
    const withStore = async <T>(use: (store: AppearanceStore) => Promise<T>): Promise<T> => {
      const { database } = await open();
      try {
        return await use(createDynamoAppearanceStore(database.client, localTableNames, clock, () => 30));
      } finally {
        await database.close();
      }
    };
    await withStore((store) => store.recordSighting("news", sighting));
    await withStore((store) => store.setPaused("news", true));
    await damage(/^MANIFEST-/);

    await repairDatabase(folder, configuration);

    const { labels } = await withStore((store) => store.listLabels("news", "label"));
    expect(labels.map(({ name }) => name)).to.deep.equal(["Person"]);
    expect(await withStore((store) => store.readChannel("news"))).to.have.property("paused", true);
  });

  it("processes no upload twice if no record is readable", async () => {
    const complete = await claim("complete.mkv");
    const outputs = [{ key: "output/complete.mkv/master.m3u8", bytes: 7 }];
    await notify(complete, {
      status: "Error",
      error: { code: 9000, name: "InternalError", message: "x", retryable: true },
    });
    await notify(complete, {
      status: "Complete",
      attempt: 2,
      outputs,
      finishedAt: "2026-11-28T01:00:00.000Z",
    });
    const failed = await claim("failed.mkv");
    const error = { code: 4002, name: "BrokenMedia", message: "cut short", retryable: false };
    await notify(failed, { status: "Error", error });
    const finishedJob = await claim("thumbnails/made.mp4");
    const [key = ""] = finishedJob.specification?.outputKeys ?? [];
    await objects().write(
      { bucket: localBuckets.output, key },
      { text: "png" },
      {
        contentType: "image/png",
        metadata: buildOutputMetadata(
          { kind: "source", job: finishedJob.id, route: "thumbnails", source: "s" },
          2,
        ),
      },
    );
    const open = await claim("open.mkv");
    const unrouted = await claim("notes.docx");
    await appendFile(folder.notifications, '{"topic":"half a li');
    await damage(/\.(ldb|log)$|^MANIFEST-|^CURRENT$/);

    const report = await repairDatabase(folder, configuration);

    expect(report).to.deep.include({
      kind: "repaired",
      jobs: { kept: 0, rebuilt: 3, claimed: 2, skipped: 0 },
    });
    expect(await listStoredJobs(complete.id)).to.deep.include({
      status: "Complete",
      attempt: 2,
      outputs,
      finishedAt: "2026-11-28T01:00:00.000Z",
      createdAt: complete.createdAt,
    });
    expect(await listStoredJobs(failed.id)).to.deep.include({ status: "Error", error });
    expect(await listStoredJobs(finishedJob.id)).to.deep.include({
      status: "Complete",
      attempt: 2,
      outputs: [{ key, bytes: 3, contentType: "image/png" }],
    });
    expect((await listStoredJobs(finishedJob.id))?.notifiedAt).to.be.a("string");
    expect(await listStoredJobs(open.id)).to.deep.include({ status: "Submitted", attempt: 1 });
    expect(await listStoredJobs(unrouted.id)).to.deep.include({ status: "Error" });
    const backupFolder = report.kind === "repaired" ? report.backupFolder : null;
    expect(await readFile(join(backupFolder ?? "", "CURRENT"))).to.deep.equal(Buffer.alloc(4096, 0xa5));
  });

  it("rebuilds a missing database from uploads, and creates none without uploads", async () => {
    const job = await claim("a.mkv");
    await notify(job, { status: "Complete", outputs: [] });
    await rm(folder.database, { recursive: true });
    expect(await repairDatabase(folder, configuration)).to.deep.include({
      damage: "its files are missing",
      backupFolder: null,
      jobs: { kept: 0, rebuilt: 1, claimed: 0, skipped: 0 },
    });
    expect(await listStoredJobs(job.id)).to.deep.include({ status: "Complete" });

    await rm(folder.root, { recursive: true });
    const refused = await repairDatabase(folder, configuration).catch(String);
    expect(refused).to.include(`Database ${folder.database} does not exist`);
    await mkdir(folder.root);
    expect(await readdir(folder.root)).to.deep.equal([]);
  });

  it("closes a job that is recorded as open but had ended", async () => {
    const job = await claim("a.mkv");
    await notify(job, { status: "Canceled", attempt: 2 });
    await damage(/^MANIFEST-/);
    const report = await repairDatabase(folder, configuration);
    expect(report).to.deep.include({
      kind: "repaired",
      jobs: { kept: 0, rebuilt: 1, claimed: 0, skipped: 0 },
    });
    expect(await listStoredJobs(job.id)).to.deep.include({ status: "Canceled", attempt: 2 });
  });
});
