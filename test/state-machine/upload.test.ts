import { expect } from "chai";
import { createFaultPlan, type Fault } from "./faults.ts";
import { expectSoundEnd } from "./upload-invariants.ts";
import { openUploadSystem, type Trigger, type UploadRun, type UploadSystem } from "./upload-system.ts";

/** What others do while an answer is under way. */
type Meanwhile = keyof UploadRun["others"];
const meanwhiles: Readonly<Record<Trigger, readonly Meanwhile[]>> = {
  lambda: [
    "the event comes again",
    "time passes",
    "its running task is taken for dead",
    "an operator cancels",
    "an operator cancels and retries",
  ],
  eventbridge: ["its running task is taken for dead", "an operator cancels"],
};

describe("an upload of which one answer is lost or late", function () {
  this.timeout(300_000);
  let system: UploadSystem;
  before(async () => {
    system = await openUploadSystem();
  });
  after(() => system.close());

  /** The way of an upload whose call number `call` meets a fault. */
  const live = async (trigger: Trigger, call: number, faultOf: (run: UploadRun) => Fault) => {
    const faults = new Map<number, Fault>();
    const plan = createFaultPlan(faults);
    const run = await system.openRun(trigger, plan);
    faults.set(call, faultOf(run));
    await run.live();
    return { run, name: plan.calls[call - 1] };
  };
  const countCalls = async (trigger: Trigger): Promise<number> => {
    const plan = createFaultPlan();
    const run = await system.openRun(trigger, plan);
    await run.live();
    const job = await expectSoundEnd(run);
    expect([job.status, job.attempt]).to.deep.equal(["Complete", 1]);
    return plan.calls.length;
  };
  /** Every call in turn; all failures are told together. */
  const eachCall = async (trigger: Trigger, check: (call: number) => Promise<string | undefined>) => {
    const failures: string[] = [];
    for (let call = 1, calls = await countCalls(trigger); call <= calls; call += 1) {
      const failure = await check(call);
      if (failure !== undefined) failures.push(failure);
    }
    expect(failures, failures.join("\n")).to.deep.equal([]);
  };
  const failureOf = async (
    trigger: Trigger,
    call: number,
    faultOf: (run: UploadRun) => Fault,
    isExpected: (job: { readonly status: string; readonly attempt: number }) => boolean,
  ): Promise<string | undefined> => {
    const { run, name } = await live(trigger, call, faultOf);
    try {
      const job = await expectSoundEnd(run);
      if (isExpected(job)) return undefined;
      return `call ${call}, ${name}: ${job.status} in attempt ${job.attempt}: ${job.error?.message}`;
    } catch (cause) {
      return `call ${call}, ${name}: ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  };

  for (const trigger of ["lambda", "eventbridge"] as const) {
    for (const kind of ["lost answer", "lost request"] as const)
      it(`is Complete with its outputs after a ${kind}, started by ${trigger}`, () =>
        eachCall(trigger, (call) =>
          failureOf(
            trigger,
            call,
            () => ({ kind }),
            ({ status, attempt }) => status === "Complete" && attempt <= 2,
          ),
        ));

    for (const meanwhile of meanwhiles[trigger])
      it(`ends soundly where an answer is late and ${meanwhile}, started by ${trigger}`, () =>
        eachCall(trigger, (call) =>
          failureOf(
            trigger,
            call,
            ({ others }) => ({ kind: "delayed answer", meanwhile: others[meanwhile] }),
            ({ status }) => status === "Complete" || meanwhile.startsWith("an operator cancels"),
          ),
        ));
  }
});
