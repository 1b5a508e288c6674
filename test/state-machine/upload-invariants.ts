import { expect } from "chai";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { stubOutputText } from "./stub-attempt.ts";
import type { UploadRun } from "./upload-system.ts";

const parseStatus = (message: string): unknown => {
  const parsed: unknown = JSON.parse(message);
  return typeof parsed === "object" && parsed !== null && "status" in parsed ? parsed.status : undefined;
};

const expectOutputs = async (run: UploadRun, job: Job): Promise<void> => {
  const outputs = await run.outputs();
  const expectedKeys = job.status === "Complete" ? job.outputs.map(({ key }) => key) : [];
  expect(
    outputs.map(({ key }) => key),
    `outputs of a job that is ${job.status}`,
  ).to.deep.equal(expectedKeys);
  for (const { key, text, metadata } of outputs) {
    expect([metadata["reelway-job"], metadata["reelway-attempt"]], key).to.deep.equal([
      job.id,
      String(job.attempt),
    ]);
    expect(text, key).to.equal(stubOutputText(key));
  }
  if (job.status === "Complete") expect(expectedKeys).to.have.length(2);
};

/** Invariants of every upload once the system is quiet, after any loss. */
export const expectConsistentRun = async (run: UploadRun): Promise<Job> => {
  const job = await run.read();
  if (job === undefined) throw new Error("The upload has no job.");
  expect(isTerminal(job.status), `the job ends, it is ${job.status}`).to.equal(true);
  await expectOutputs(run, job);

  const terminalEntries = job.history.filter(({ status }) => isTerminal(status));
  const reopened = job.history.filter(({ detail }) => detail === "retried by an operator").length;
  expect(terminalEntries, "one end, and one more for each retry").to.have.length(1 + reopened);
  const submitted = job.history.filter(({ status }) => status === "Submitted").map(({ attempt }) => attempt);
  // A deferral adds an entry to its attempt.
  expect(new Set(submitted).size, "each attempt is in the history").to.equal(job.attempt);
  const begun = job.history.filter(({ status }) => status === "Progressing").map(({ attempt }) => attempt);
  expect(begun, "one worker an attempt").to.deep.equal([...new Set(begun)]);

  const attemptMessages = run.published.filter(({ id }) => id === `${job.id}-${job.attempt}`);
  expect(attemptMessages.length, "a notification was published").to.be.greaterThan(0);
  expect([...new Set(attemptMessages.map(({ message }) => parseStatus(message)))]).to.deep.equal([
    job.status,
  ]);
  expect(job.notifiedAt).not.to.equal(undefined);
  expect(await run.scratch()).to.deep.equal([]);
  return job;
};
