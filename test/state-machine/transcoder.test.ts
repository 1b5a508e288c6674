import { createCallByCall } from "./each-call.ts";
import { isRead } from "./faults.ts";
import { expectSoundEnd } from "./transcoder-invariants.ts";
import { type Caller, openTranscoderSystem, type TranscoderRun } from "./transcoder-system.ts";

/** What others do while an answer is under way. */
const meanwhiles: Readonly<Record<Caller, readonly (keyof TranscoderRun["others"])[]>> = {
  reelway: ["its running task is taken for dead", "an operator cancels"],
  client: ["time passes", "its running task is taken for dead"],
};

describe("a transcoder job of which an answer is lost or late", function () {
  this.timeout(300_000);
  let system: Awaited<ReturnType<typeof openTranscoderSystem>>;
  before(async () => {
    system = await openTranscoderSystem();
  });
  after(() => system.close());

  const callByCall = (caller: Caller) =>
    createCallByCall((plan) => system.openRun(caller, plan), expectSoundEnd);

  for (const caller of ["client", "reelway"] as const) {
    for (const kind of ["lost answer", "lost request"] as const)
      it(`is Complete with its outputs after a ${kind}, made by ${caller}`, () =>
        callByCall(caller).each(
          () => ({ kind }),
          ({ status, attempt }) => status === "Complete" && attempt <= 2,
          (name) => kind === "lost answer" || !isRead(name),
        ));

    for (const meanwhile of meanwhiles[caller])
      it(`ends soundly where an answer is late and ${meanwhile}, made by ${caller}`, () =>
        callByCall(caller).each(
          ({ others }) => ({ kind: "delayed answer", meanwhile: others[meanwhile] }),
          ({ status }) => status === "Complete" || meanwhile.startsWith("an operator cancels"),
        ));
  }
});
