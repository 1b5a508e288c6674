import { expect } from "chai";
import fc from "fast-check";
import { createCallByCall } from "./each-call.ts";
import { createFaultPlan, type Fault, isRead } from "./faults.ts";
import { expectSoundEnd } from "./upload-invariants.ts";
import { openUploadSystem, type Trigger, type UploadRun, type UploadSystem } from "./upload-system.ts";

/** What others do while an answer is under way. */
type Meanwhile = keyof UploadRun["others"];
const all: readonly Meanwhile[] = [
  "the event comes again",
  "time passes",
  "its running task is taken for dead",
  "an operator cancels",
  "an operator cancels and retries",
];
const meanwhiles: Readonly<Record<Trigger, readonly Meanwhile[]>> = {
  lambda: all,
  eventbridge: ["its running task is taken for dead"],
};

describe("an upload of which an answer is lost or late", function () {
  this.timeout(300_000);
  let system: UploadSystem;
  before(async () => {
    system = await openUploadSystem();
  });
  after(() => system.close());

  const callByCall = (trigger: Trigger) =>
    createCallByCall((plan) => system.openRun(trigger, plan), expectSoundEnd);

  for (const trigger of ["lambda", "eventbridge"] as const) {
    for (const kind of ["lost answer", "lost request"] as const)
      it(`is Complete with its outputs after a ${kind}, started by ${trigger}`, () =>
        callByCall(trigger).each(
          () => ({ kind }),
          ({ status, attempt }) => status === "Complete" && attempt <= 2,
          (name) => kind === "lost answer" || !isRead(name),
        ));

    for (const meanwhile of meanwhiles[trigger])
      it(`ends soundly where an answer is late and ${meanwhile}, started by ${trigger}`, () =>
        callByCall(trigger).each(
          ({ others }) => ({ kind: "delayed answer", meanwhile: others[meanwhile] }),
          ({ status }) => status === "Complete" || meanwhile.startsWith("an operator cancels"),
        ));
  }

  it("leaves the outputs to the next attempt where the record cannot be reached for long", async () => {
    const { live, callNames } = callByCall("lambda");
    const report = (await callNames()).indexOf("jobs.recordReport") + 1;
    // The worker of these tests tries four times.
    const { calls, end } = await live(() =>
      [0, 1, 2, 3].map((tries) => [report + tries, { kind: "lost request" }] as const),
    );
    expect(calls.slice(report - 1, report + 3)).to.deep.equal(Array(4).fill("jobs.recordReport"));
    expect(end).to.include({ status: "Complete", attempt: 2 });
  });

  it("keeps the outputs of a report that is refused, and held by the record all the same", async () => {
    const run = await system.openRun("lambda", createFaultPlan(), { denyReports: true });
    await run.live();
    expect(await expectSoundEnd(run)).to.include({ status: "Complete", attempt: 1 });
  });

  it("ends soundly whichever two calls meet a fault", async () => {
    const { live, callNames } = callByCall("lambda");
    const count = (await callNames()).length;
    const call = fc.integer({ min: 1, max: count + 8 });
    const kind = fc.constantFrom("lost answer" as const, "lost request" as const, ...all);
    const faultOf = (run: UploadRun, chosen: "lost answer" | "lost request" | Meanwhile): Fault =>
      chosen === "lost answer" || chosen === "lost request"
        ? { kind: chosen }
        : { kind: "delayed answer", meanwhile: run.others[chosen] };
    await fc.assert(
      fc.asyncProperty(call, kind, call, kind, async (first, a, second, b) => {
        const { calls, end } = await live((run) => [
          [first, faultOf(run, a)],
          [second, faultOf(run, b)],
        ]);
        expect(end, `${calls[first - 1]}: ${a}, ${calls[second - 1]}: ${b}`).not.to.be.a("string");
      }),
      { numRuns: 40, seed: 20261128, endOnFailure: true },
    );
  });
});
