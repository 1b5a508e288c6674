import { expect } from "chai";
import { createTranscoder } from "../../adapters/aws/transcoder.ts";
import type {
  Transcoder,
  TranscoderJobRequest,
} from "../../pipeline/elastic-transcoder/transcoder-client.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { pipelineId, type Service, startService } from "../lambdas/transcoder-api/service.ts";

const request: TranscoderJobRequest = {
  pipelineId,
  inputKey: "a b/ü.mp4",
  outputKey: "web/ü.mp4",
  presetId: "1351620000001-100070",
  userMetadata: { "reelway-job": "j", "reelway-attempt": "1", "reelway-route": "web" },
};
const catchFailure = async (act: Promise<unknown>): Promise<JobFailure> => {
  try {
    await act;
  } catch (cause) {
    if (cause instanceof JobFailure) return cause;
    throw cause;
  }
  throw new Error("It was not refused.");
};

/** `Transcoder` has one implementation; its contract is tested against Reelway's own service. */
describe("the transcoder contract", () => {
  let service: Service;
  let transcoder: Transcoder;
  before(async () => {
    service = await startService();
    transcoder = createTranscoder(service.client());
  });
  after(() => service.close());
  const create = async (changes: Partial<TranscoderJobRequest> = {}): Promise<string> =>
    (await transcoder.createJob({ ...request, ...changes })).id;

  it("returns the existing job for the same job and attempt, under concurrent requests", async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => create()));
    expect(others).to.eql(others.map(() => first));
    expect(await create()).to.equal(first);
    expect(await create({ userMetadata: { ...request.userMetadata, "reelway-attempt": "2" } })).not.to.equal(
      first,
    );
  });

  it("reports the status of a job and of its output", async () => {
    const userMetadata = { "reelway-job": "state", "reelway-attempt": "1" };
    const id = await create({ userMetadata });
    const submitted = await transcoder.readJob(id);
    expect(submitted).to.deep.include({ id, status: "Submitted", userMetadata });
    expect(submitted?.outputs.map(({ key, status }) => ({ key, status }))).to.eql([
      { key: "web/ü.mp4", status: "Submitted" },
    ]);
    const outputs = (await service.store.read(id))?.outputs ?? [];
    const result = { key: "web/ü.mp4", bytes: 1234, durationSeconds: 1.5, width: 640, height: 360 };
    await service.store.closeJob(id, 1, {
      status: "Complete",
      outputs: outputs.map((output) => ({ ...output, status: "Complete", result })),
      playlists: [],
    });
    const complete = await transcoder.readJob(id);
    expect(complete?.status).to.equal("Complete");
    expect(complete?.outputs[0]).to.include({ ...result, status: "Complete" });
  });

  it("cancels a pending job, and reports if it is too late", async () => {
    const [early, late] = [
      await create({ userMetadata: { "reelway-job": "early", "reelway-attempt": "1" } }),
      await create({ userMetadata: { "reelway-job": "late", "reelway-attempt": "1" } }),
    ];
    await service.store.begin(late, 1, "worker");
    expect([await transcoder.cancelJob(early), await transcoder.cancelJob(late)]).to.eql([true, false]);
    expect((await transcoder.readJob(early))?.status).to.equal("Canceled");
    expect((await transcoder.readJob(late))?.status).to.equal("Progressing");
  });

  it("returns undefined for an unknown job", async () => {
    expect(await transcoder.readJob("1000000000000-zzzzzz")).to.equal(undefined);
    expect(await transcoder.cancelJob("1000000000000-zzzzzz")).to.equal(false);
  });

  it("distinguishes permanent from transient failures", async () => {
    const refused = await catchFailure(create({ presetId: "1000000000000-zzzzzz" }));
    expect(refused).to.include({ code: 1000, retryable: false });
    expect(refused.message).to.match(/^The transcoder rejected the job: /);
    const wrongKey = createTranscoder(service.client({ accessKeyId: "FULLKEY", secretAccessKey: "wrong" }));
    expect(await catchFailure(wrongKey.readJob("1000000000000-zzzzzz"))).to.include({ code: 1001 });
    const closedService = await startService();
    const unreachable = createTranscoder(closedService.client());
    await closedService.close();
    expect(await catchFailure(unreachable.createJob(request))).to.include({ code: 1001, retryable: true });
  });
});
