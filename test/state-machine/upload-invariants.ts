import { expect } from "chai";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { madeText } from "./stub-attempt.ts";
import type { UploadRun } from "./upload-system.ts";

const statusOf = (message: string): unknown => {
  const parsed: unknown = JSON.parse(message);
  return typeof parsed === "object" && parsed !== null && "status" in parsed ? parsed.status : undefined;
};

const expectOutputs = async (run: UploadRun, job: Job): Promise<void> => {
  const outputs = await run.outputs();
  const wanted = job.status === "Complete" ? job.outputs.map(({ key }) => key) : [];
  expect(
    outputs.map(({ key }) => key),
    `outputs of a job that is ${job.status}`,
  ).to.deep.equal(wanted);
  for (const { key, text, metadata } of outputs) {
    expect([metadata["reelway-job"], metadata["reelway-attempt"]], key).to.deep.equal([
      job.id,
      String(job.attempt),
    ]);
    expect(text, key).to.equal(madeText(key));
  }
  if (job.status === "Complete") expect(wanted).to.have.length(2);
};

/** What must hold of every upload once all is quiet, whatever was lost on the way. */
export const expectSoundEnd = async (run: UploadRun): Promise<Job> => {
  const job = await run.read();
  if (job === undefined) throw new Error("The upload has no job.");
  expect(isTerminal(job.status), `the job ends, it is ${job.status}`).to.equal(true);
  await expectOutputs(run, job);

  const ends = job.history.filter(({ status }) => isTerminal(status));
  const reopened = job.history.filter(({ detail }) => detail === "retried by an operator").length;
  expect(ends, "one end, and one more for each retry").to.have.length(1 + reopened);
  expect(
    job.history.filter(({ status }) => status === "Submitted").length,
    "each attempt is told of once",
  ).to.equal(job.attempt);
  const begun = job.history.filter(({ status }) => status === "Progressing").map(({ attempt }) => attempt);
  expect(begun, "one worker an attempt").to.deep.equal([...new Set(begun)]);

  const own = run.published.filter(({ id }) => id === `${job.id}-${job.attempt}`);
  expect(own.length, "a notification was published").to.be.greaterThan(0);
  expect([...new Set(own.map(({ message }) => statusOf(message)))]).to.deep.equal([job.status]);
  expect(job.notifiedAt).not.to.equal(undefined);
  expect(await run.scratch()).to.deep.equal([]);
  return job;
};
