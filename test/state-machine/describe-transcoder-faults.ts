import { createFaultRunner, type FaultPoints } from "./fault-runner.ts";
import { isRead } from "./faults.ts";
import { expectConsistentRun } from "./transcoder-invariants.ts";
import { type Caller, openTranscoderSystem, type TranscoderRun } from "./transcoder-system.ts";

/** What others do before a response arrives. */
const interferences: Readonly<Record<Caller, readonly (keyof TranscoderRun["others"])[]>> = {
  reelway: ["its running task is taken for dead", "an operator cancels"],
  client: ["time passes", "its running task is taken for dead"],
};

/** Faults at calls of a run. @param points the calls of a run that meet a fault */
export const describeTranscoderFaults = (points: FaultPoints): void => {
  describe(`a transcoder job with a lost or late response (${points})`, function () {
    this.timeout(300_000);
    let system: Awaited<ReturnType<typeof openTranscoderSystem>>;
    before(async () => {
      system = await openTranscoderSystem();
    });
    after(() => system.close());

    const callByCall = (caller: Caller) =>
      createFaultRunner((plan) => system.openRun(caller, plan), expectConsistentRun, points);

    // A client's job takes fewer calls, each of which a job of Reelway's takes too.
    const callers: readonly Caller[] = points === "every call" ? ["client", "reelway"] : ["reelway"];
    for (const caller of callers) {
      for (const kind of ["lost answer", "lost request"] as const)
        it(`is Complete with its outputs after a ${kind}, created by ${caller}`, () =>
          callByCall(caller).each(
            () => ({ kind }),
            ({ status, attempt }) => status === "Complete" && attempt <= 2,
            (name) => kind === "lost answer" || !isRead(name),
          ));

      for (const interference of interferences[caller])
        it(`ends consistently with a late response while ${interference}, created by ${caller}`, () =>
          callByCall(caller).each(
            ({ others }) => ({ kind: "delayed answer", beforeAnswer: others[interference] }),
            ({ status }) => status === "Complete" || interference.startsWith("an operator cancels"),
          ));
    }
  });
};
