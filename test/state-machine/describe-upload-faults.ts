import { expect } from "chai";
import fc from "fast-check";
import { createFaultRunner, type FaultPoints } from "./fault-runner.ts";
import { createFaultPlan, type Fault, isRead } from "./faults.ts";
import { expectConsistentRun } from "./upload-invariants.ts";
import { openUploadSystem, type Trigger, type UploadRun, type UploadSystem } from "./upload-system.ts";

/** What others do before a response arrives. */
type Interference = keyof UploadRun["others"];
const all: readonly Interference[] = [
  "the event comes again",
  "time passes",
  "its running task is taken for dead",
  "an operator cancels",
  "an operator cancels and retries",
];
const interferences: Readonly<Record<Trigger, readonly Interference[]>> = {
  lambda: all,
  eventbridge: ["its running task is taken for dead"],
};

/** Faults at calls of a run. @param points the calls of a run that meet a fault */
export const describeUploadFaults = (points: FaultPoints): void => {
  describe(`an upload with a lost or late response (${points})`, function () {
    this.timeout(300_000);
    let system: UploadSystem;
    before(async () => {
      system = await openUploadSystem();
    });
    after(() => system.close());

    const callByCall = (trigger: Trigger) =>
      createFaultRunner((plan) => system.openRun(trigger, plan), expectConsistentRun, points);

    for (const trigger of ["lambda", "eventbridge"] as const) {
      for (const kind of ["lost answer", "lost request"] as const)
        it(`is Complete with its outputs after a ${kind}, started by ${trigger}`, () =>
          callByCall(trigger).each(
            () => ({ kind }),
            ({ status, attempt }) => status === "Complete" && attempt <= 2,
            (name) => kind === "lost answer" || !isRead(name),
          ));

      for (const interference of interferences[trigger])
        it(`ends consistently with a late response while ${interference}, started by ${trigger}`, () =>
          callByCall(trigger).each(
            ({ others }) => ({ kind: "delayed answer", beforeAnswer: others[interference] }),
            ({ status }) => status === "Complete" || interference.startsWith("an operator cancels"),
          ));
    }

    it("leaves the outputs to the next attempt if the record is unreachable for long", async () => {
      const { runWithFaults, callNames } = callByCall("lambda");
      const report = (await callNames()).indexOf("jobs.recordReport") + 1;
      // The worker of these tests tries four times.
      const { calls, outcome } = await runWithFaults(() =>
        [0, 1, 2, 3].map((retries) => [report + retries, { kind: "lost request" }] as const),
      );
      expect(calls.slice(report - 1, report + 3)).to.deep.equal(Array(4).fill("jobs.recordReport"));
      expect(outcome).to.include({ status: "Complete", attempt: 2 });
    });

    it("keeps the outputs of a report that was stored but reported as rejected", async () => {
      const run = await system.openRun("lambda", createFaultPlan(), { denyReports: true });
      await run.run();
      expect(await expectConsistentRun(run)).to.include({ status: "Complete", attempt: 1 });
    });

    it("ends consistently with any two faults", async () => {
      const { runWithFaults, callNames } = callByCall("lambda");
      const count = (await callNames()).length;
      const call = fc.integer({ min: 1, max: count + 8 });
      const kind = fc.constantFrom("lost answer" as const, "lost request" as const, ...all);
      const createFault = (run: UploadRun, chosen: "lost answer" | "lost request" | Interference): Fault =>
        chosen === "lost answer" || chosen === "lost request"
          ? { kind: chosen }
          : { kind: "delayed answer", beforeAnswer: run.others[chosen] };
      await fc.assert(
        fc.asyncProperty(call, kind, call, kind, async (first, a, second, b) => {
          const { calls, outcome } = await runWithFaults((run) => [
            [first, createFault(run, a)],
            [second, createFault(run, b)],
          ]);
          expect(outcome, `${calls[first - 1]}: ${a}, ${calls[second - 1]}: ${b}`).not.to.be.a("string");
        }),
        { numRuns: points === "every call" ? 40 : 10, seed: 20261128, endOnFailure: true },
      );
    });
  });
};
