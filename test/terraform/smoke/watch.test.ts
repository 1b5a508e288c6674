import { expect } from "chai";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { buildJob } from "../../../pipeline/jobs/build-job.ts";
import { computeJobId } from "../../../pipeline/jobs/job-id.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import defaults from "../../../reelway.config.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { planClips } from "../../../terraform/smoke/plan.ts";
import { watchClips } from "../../../terraform/smoke/watch.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const configuration = parseConfiguration(defaults);
const deployment = { ...findDeployment(configuration, "dev"), inputBucket: "input" };

describe("waiting for a smoke test's jobs", () => {
  let fixture: JobFixture;
  let readings: (string | undefined)[][];
  beforeEach(async () => {
    readings = [];
    fixture = await openJobFixture();
  });
  afterEach(() => fixture.close());

  const [planned] = planClips(configuration, ["audio"], "smoke-1");
  if (planned === undefined) throw new Error("no plan");
  const source = buildUploadEvent(planned.key);
  const id = computeJobId(source, "audio");
  const jobContext = { configuration, outputBucket: "output", now: "2026-11-21T03:00:00.000Z" };
  const closeJob = async () => {
    await fixture.ports.jobs.claim(buildJob(planned.route, source, jobContext));
    await fixture.ports.jobs.cancel(id, "ended");
  };
  const watch = (
    jobId: string | undefined,
    more: { readonly seconds?: number; readonly signal?: AbortSignal } = {},
  ) =>
    watchClips(
      { jobs: fixture.ports.jobs, deployment, transcoder: { read: async () => undefined } },
      [{ ...planned, file: "clip.wav", ...(jobId === undefined ? {} : { jobId }) }],
      {
        timeoutSeconds: more.seconds ?? 5,
        signal: more.signal ?? new AbortController().signal,
        onUpdate: (clips) => readings.push(clips.map(({ job }) => job?.status)),
      },
    );
  const failure = (name: string) =>
    new StoreFailure("transient", "why", Object.assign(new Error("why"), { name }));

  it("ends with the job, found by its id", async () => {
    await closeJob();
    expect((await watch(id))[0]?.job?.status).to.equal("Canceled");
    expect(readings).to.deep.equal([["Canceled"]]);
  });

  it("finds a job by its source if the bucket has no versions", async () => {
    await closeJob();
    expect((await watch(undefined))[0]?.job?.id).to.equal(id);
  });

  it("continues after a transient read failure", async () => {
    await closeJob();
    fixture.fail("jobs.read", failure("ThrottlingException"));
    expect((await watch(id))[0]?.job?.status).to.equal("Canceled");
  });

  it("stops if the credentials expire, and when aborted", async () => {
    fixture.fail("jobs.read", failure("ExpiredTokenException"));
    expect(String(await watch(id).catch((cause: unknown) => cause))).to.include(
      "The AWS credentials have expired.",
    );
    const stopped = new Error("stopped");
    expect(await watch(id, { signal: AbortSignal.abort(stopped) }).catch((cause: unknown) => cause)).to.equal(
      stopped,
    );
  });

  it("ends at the time limit with the current state", async () => {
    expect((await watch(id, { seconds: 0.01 }))[0]?.job).to.equal(undefined);
  });
});
