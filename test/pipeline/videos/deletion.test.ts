import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore, type LocalObjectStore } from "../../../adapters/local/object-store.ts";
import { createSweep } from "../../../lambdas/sweep/sweep.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { hashSource } from "../../../pipeline/jobs/job-id.ts";
import { cancelJob } from "../../../pipeline/jobs/operator.ts";
import type { JobPorts } from "../../../pipeline/jobs/ports.ts";
import { type DeletionPorts, deleteVideo, planDeletion } from "../../../pipeline/videos/deletion.ts";
import { findSupersedingJob } from "../../../pipeline/videos/superseded.ts";
import { collect } from "../../contract/collect.ts";
import { type JobFixture, openJobFixture } from "../jobs/job-fixture.ts";

const plain = { contentType: "video/mp4" } as const;
const key = "talk.mkv";

describe("the deletion of a video", () => {
  let directory: string;
  let fixture: JobFixture;
  let objects: LocalObjectStore;
  let ports: JobPorts;
  let deletionPorts: DeletionPorts;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "reelway-deletion-"));
    fixture = await openJobFixture();
    objects = createLocalObjectStore({ directory });
    ports = { ...fixture.ports, objects };
    deletionPorts = {
      jobs: ports.jobs,
      objects,
      cancelJob: async (id) => {
        await cancelJob(ports, id);
      },
    };
  });
  afterEach(async () => {
    await fixture.close();
    await rm(directory, { recursive: true, force: true });
  });

  const upload = async (name = key): Promise<Job> => {
    const { bucket, versionId, etag, bytes, modifiedAt, sequencer } = await objects.writeByLink(
      { bucket: "input", key: name },
      await writeSource(),
      plain,
    );
    const source = { bucket, key: name, etag: etag.replaceAll('"', ""), bytes, modifiedAt, sequencer };
    fixture.advanceClock(1);
    const claim = await claimUpload(
      ports,
      { ...source, ...(versionId === undefined ? {} : { versionId }) },
      { triggers: "all" },
    );
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    return claim.job;
  };
  let sources = 0;
  const writeSource = async (): Promise<string> => {
    sources += 1;
    const path = join(directory, `source-${sources}`);
    await writeFile(path, `source ${sources}`);
    return path;
  };
  /** Writes outputs as the worker does and completes the job. */
  const complete = async (job: Job, names: readonly string[]): Promise<void> => {
    const keys = names.map((name) => `output/${job.source.key}/${name}`);
    for (const output of keys)
      await objects.write(
        { bucket: "output", key: output },
        { text: `${job.id} ${output}` },
        {
          ...plain,
          metadata: {
            "reelway-job": job.id,
            "reelway-route": "ladder",
            "reelway-source": hashSource("input", job.source.key),
          },
        },
      );
    await ports.jobs.closeJob(job.id, 1, {
      status: "Complete",
      outputs: keys.map((output) => ({ key: output, bytes: 1 })),
      detail: "complete",
    });
  };
  const read = async (id: string): Promise<Job> => {
    const job = await ports.jobs.read(id);
    if (job === undefined) throw new Error("no job");
    return job;
  };
  const remove = async (id: string, changed: Partial<DeletionPorts> = {}): Promise<boolean> => {
    const used = { ...deletionPorts, ...changed };
    const job = await read(id);
    return deleteVideo(used, job, await planDeletion(used, job));
  };
  const listKeys = async (bucket: string) =>
    (await collect(objects.listVersions(bucket, ""))).map((version) => version.key);
  const listJobs = async () => (await ports.jobs.findBySource("input", key)).map(({ id }) => id);
  /** Runs a sweep that is late enough to see every upload. */
  const sweep = () => createSweep({ ...ports, clock: { now: () => new Date(Date.now() + 3_600_000) } })();

  it("of the current version removes all versions, outputs and jobs, and nothing brings it back", async () => {
    const first = await upload();
    await complete(first, ["master.m3u8", "old.mp4"]);
    const second = await upload();
    await complete(second, ["master.m3u8", "new.mp4"]);
    const other = await upload("talk.mkv.other.mkv");
    await complete(other, ["master.m3u8"]);
    const foreign = { bucket: "output", key: "output/talk.mkv/foreign.mp4" };
    await objects.write(foreign, { text: "foreign" }, plain);

    expect(await planDeletion(deletionPorts, await read(second.id))).to.deep.include({ scope: "upload" });
    expect(await remove(second.id)).to.equal(true);

    expect(await listKeys("input")).to.deep.equal(["talk.mkv.other.mkv"]);
    expect(await listKeys("output")).to.deep.equal([
      "output/talk.mkv.other.mkv/master.m3u8",
      "output/talk.mkv/foreign.mp4",
    ]);
    expect(await listJobs()).to.deep.equal([]);
    for (const { source } of [first, second])
      expect((await claimUpload(ports, source, { triggers: "all" })).kind).to.equal("removed");
    expect((await sweep()).claimed).to.equal(0);
    expect(await read(other.id)).to.include({ status: "Complete" });
  });

  it("of a replaced version keeps the newer one and its outputs", async () => {
    const first = await upload();
    await complete(first, ["master.m3u8", "old.mp4"]);
    const second = await upload();
    await complete(second, ["master.m3u8"]);

    expect((await findSupersedingJob(ports.jobs, await read(first.id)))?.id).to.equal(second.id);
    expect(await findSupersedingJob(ports.jobs, await read(second.id))).to.equal(undefined);
    expect(await planDeletion(deletionPorts, await read(first.id))).to.deep.include({ scope: "version" });
    expect(await remove(first.id)).to.equal(true);

    expect(await listJobs()).to.deep.equal([second.id]);
    const versions = await collect(objects.listVersions("input", ""));
    expect(versions.map(({ versionId }) => versionId)).to.deep.equal([second.source.versionId]);
    expect(await listKeys("output")).to.deep.equal(["output/talk.mkv/master.m3u8"]);
    expect(
      (await objects.head({ bucket: "output", key: "output/talk.mkv/master.m3u8" }))?.metadata,
    ).to.include({
      "reelway-job": second.id,
    });
  });

  it("never removes a version that was uploaded since", async () => {
    const first = await upload();
    await complete(first, ["master.m3u8"]);
    const plan = await planDeletion(deletionPorts, await read(first.id));
    const second = await upload();
    await deleteVideo(deletionPorts, await read(first.id), plan);

    expect(await listJobs()).to.deep.equal([second.id]);
    expect((await objects.head({ bucket: "input", key }))?.versionId).to.equal(second.source.versionId);
  });

  it("cancels a running job first, and removes what its worker has published", async () => {
    const { id, engineJobId } = await upload().then((job) => read(job.id));
    await ports.jobs.begin(id, 1, "worker");
    const cancel: DeletionPorts["cancelJob"] = async (jobId) => {
      const metadata = { "reelway-job": id, "reelway-source": hashSource("input", key) };
      await objects.write(
        { bucket: "output", key: `output/${key}/late.mp4` },
        { text: "x" },
        { ...plain, metadata },
      );
      await deletionPorts.cancelJob(jobId);
    };

    expect(await remove(id, { cancelJob: cancel })).to.equal(true);
    expect(fixture.stopped).to.deep.equal([engineJobId]);
    expect([await listKeys("input"), await listKeys("output"), await listJobs()]).to.deep.equal([[], [], []]);
  });

  it("can be repeated after an interruption at any step", async () => {
    for (let step = 0; ; step += 1) {
      const first = await upload();
      await complete(first, ["master.m3u8", "a.mp4"]);
      const second = await upload();
      await complete(second, ["master.m3u8"]);
      let calls = 0;
      const interrupt =
        <Args extends readonly unknown[], Result>(change: (...parameters: Args) => Promise<Result>) =>
        async (...parameters: Args): Promise<Result> => {
          if (calls++ === step) throw new Error("killed");
          return change(...parameters);
        };
      const interrupted = {
        jobs: { ...ports.jobs, remove: interrupt(ports.jobs.remove) },
        objects: { ...objects, removeVersions: interrupt(objects.removeVersions) },
        removeReferences: interrupt(async () => undefined),
      };
      const failure = await remove(second.id, interrupted).catch((cause: unknown) => cause);
      const isInterrupted = failure instanceof Error;
      if (isInterrupted) {
        expect((await sweep()).claimed).to.equal(0);
        expect(await remove(second.id)).to.equal(true);
      }
      expect([await listKeys("input"), await listKeys("output"), await listJobs()]).to.deep.equal([
        [],
        [],
        [],
      ]);
      if (isInterrupted) continue;
      expect(step).to.equal(6);
      return;
    }
  });

  it("is refused while a job is open that could not be canceled", async () => {
    const { id } = await upload();

    expect(await remove(id, { cancelJob: async () => undefined })).to.equal(false);
    expect(await listJobs()).to.deep.equal([id]);
  });
});
