import { expect } from "chai";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { stubOutputText } from "./stub-attempt.ts";
import type { TranscoderRun } from "./transcoder-system.ts";

const parseField = (message: string, name: string): unknown => {
  const parsed: unknown = JSON.parse(message);
  return typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, name) : undefined;
};
const states: Readonly<Record<string, string>> = { Complete: "COMPLETED", Error: "ERROR" };

/** Invariants of the upload's own job, if any. */
const expectConsistentJob = async (run: TranscoderRun) => {
  const job = await run.read();
  if (job === undefined) throw new Error("The upload has no job.");
  expect(isTerminal(job.status), `the job ends, it is ${job.status}`).to.equal(true);
  const terminalEntries = job.history.filter(({ status }) => isTerminal(status));
  const reopened = job.history.filter(({ detail }) => detail === "retried by an operator").length;
  expect(terminalEntries, "one end, and one more for each retry").to.have.length(1 + reopened);
  const attemptMessages = run.published.filter(({ id }) => id === `${job.id}-${job.attempt}`);
  expect(attemptMessages.length, "a notification was published").to.be.greaterThan(0);
  expect([...new Set(attemptMessages.map(({ message }) => parseField(message, "status")))]).to.deep.equal([
    job.status,
  ]);
  return job;
};

/** Invariants of every transcoder job and its upload once the system is quiet, after any loss. */
export const expectConsistentRun = async (run: TranscoderRun) => {
  const jobs = await run.transcoderJobs();
  for (const job of jobs) {
    expect(isTerminal(job.status), `transcoder job ${job.id} ends, it is ${job.status}`).to.equal(true);
    expect(
      job.history.filter(({ status }) => isTerminal(status)),
      "one end",
    ).to.have.length(1);
    const begun = job.history.filter(({ status }) => status === "Progressing").map(({ attempt }) => attempt);
    expect(begun, "one worker an attempt").to.deep.equal([...new Set(begun)]);
    const transcoderMessages = run.transcoderMessages.filter(({ id }) => id.startsWith(`${job.id}-`));
    const expectedStates = states[job.status];
    expect([...new Set(transcoderMessages.map(({ message }) => parseField(message, "state")))]).to.deep.equal(
      expectedStates === undefined ? [] : [expectedStates],
    );
  }
  const owner = run.caller === "reelway" ? await expectConsistentJob(run) : jobs[0];
  if (owner === undefined) throw new Error("There is no job.");

  const outputs = await run.outputs();
  const complete = jobs.filter(({ status }) => status === "Complete");
  const keys = complete.flatMap((job) =>
    job.outputs.flatMap(({ key, thumbnailPattern }) => [
      `${job.outputKeyPrefix ?? ""}${key}`,
      ...(thumbnailPattern === "" ? [] : [`${thumbnailPattern.replace("{count}", "00001")}.png`]),
    ]),
  );
  expect(complete, `of a job that is ${owner.status}`).to.have.length(owner.status === "Complete" ? 1 : 0);
  expect(
    outputs.map(({ key }) => key),
    `outputs of a job that is ${owner.status}`,
  ).to.have.members(keys);
  const [done] = complete;
  const label = run.caller === "client" ? `${done?.attempt}` : `${owner.attempt}.${done?.attempt}`;
  for (const { key, text, metadata } of outputs) {
    expect([metadata["reelway-job"], metadata["reelway-attempt"]], key).to.deep.equal([owner.id, label]);
    expect(text, key).to.equal(stubOutputText(key));
  }
  expect(await run.scratch()).to.deep.equal([]);
  return { status: owner.status, attempt: Math.max(owner.attempt, ...jobs.map(({ attempt }) => attempt)) };
};
