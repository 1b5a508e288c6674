import { expect } from "chai";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { createDynamoTranscoderStore } from "../../../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { createTranscoderAttemptStore } from "../../../docker/ffmpeg/attempt-store/transcoder-attempt-store.ts";
import { parseCreateJob } from "../../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../../../pipeline/elastic-transcoder/jobs/build-job.ts";
import { systemPresets } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { createHookedClient, type HookedClient } from "../../adapters/aws/hooked-client.ts";
import { limits, pipeline, pipelineId } from "../../lambdas/transcoder-api/service.ts";

const createdAt = "2026-11-21T03:00:00.000Z";
const encoding = (percent: number) => ({ percent, phase: "encoding" });
const isWrite = (request: string): boolean => /^(Put|Update|Delete)Item /.test(request);

describe("the progress of a transcoder job", () => {
  let database: LocalDatabase;
  let hooked: HookedClient;
  before(async () => {
    database = await openDatabase();
    hooked = createHookedClient(database);
  });
  after(async () => {
    hooked.client.destroy();
    await database.close();
  });

  /** An attempt of a transcoder job that belongs to a Reelway job. */
  const beginAttempt = async (jobId: string) => {
    const clock = { now: () => new Date() };
    const jobs = createDynamoJobStore(hooked.client, localTableNames.jobs, clock);
    const transcoder = createDynamoTranscoderStore(hooked.client, localTableNames.transcoder, clock);
    await jobs.claim({
      id: jobId,
      route: "web",
      engine: "elastic-transcoder",
      recipe: "transcode",
      status: "Submitted",
      attempt: 1,
      maxAttempts: 3,
      source: { bucket: "input", key: "a.mp4", bytes: 1 },
      specification: null,
      progress: { percent: 0, phase: "submitted" },
      outputs: [],
      error: null,
      createdAt,
      updatedAt: createdAt,
      history: [],
    });
    const { id } = await transcoder.create(
      buildTranscoderJob(
        parseCreateJob({
          PipelineId: pipelineId,
          Input: { Key: "a.mp4" },
          Outputs: [{ Key: "out.mp4", PresetId: "1351620000001-100070" }],
          UserMetadata: { "reelway-job": jobId, "reelway-attempt": "1" },
        }),
        {
          pipeline,
          presets: new Map(systemPresets.map((preset) => [preset.Id, preset])),
          limits,
          now: Date.now(),
        },
      ),
    );
    await jobs.recordStart(jobId, 1, id);
    const attemptStore = createTranscoderAttemptStore(transcoder, jobs, id, 1);
    expect(await attemptStore.begin("worker")).to.be.an("object");
    return { jobs, transcoder, id, attemptStore };
  };

  it("is one write to one table, after the Reelway job is Progressing", async () => {
    const { jobs, transcoder, id, attemptStore } = await beginAttempt("one");
    expect((await jobs.read("one"))?.status).to.equal("Progressing");
    hooked.requests.length = 0;
    expect(await attemptStore.recordProgress(encoding(20))).to.equal(true);
    expect(hooked.requests.filter(isWrite)).to.eql([`PutItem ${localTableNames.transcoder}`]);
    expect((await transcoder.read(id))?.progress).to.eql(encoding(20));
  });

  it("is refused after the Reelway job was canceled or has another attempt", async () => {
    const canceled = await beginAttempt("canceled");
    await canceled.jobs.cancel("canceled", "canceled");
    expect(await canceled.attemptStore.recordProgress(encoding(1))).to.equal(false);
    expect(await canceled.attemptStore.recordPhase({ percent: 95, phase: "publishing" })).to.equal(false);
    const retried = await beginAttempt("retried");
    await retried.jobs.scheduleNextAttempt("retried", 1, createdAt, "lost");
    expect(await retried.attemptStore.recordProgress(encoding(1))).to.equal(false);
  });

  it("is refused after the transcoder job has another attempt", async () => {
    const { transcoder, id, attemptStore } = await beginAttempt("other");
    await transcoder.scheduleNextAttempt(id, 1, createdAt, "lost");
    hooked.requests.length = 0;
    expect(await attemptStore.recordProgress(encoding(1))).to.equal(false);
    expect(hooked.requests.filter(isWrite)).to.eql([]);
  });
});
