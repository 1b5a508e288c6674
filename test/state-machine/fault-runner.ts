import { expect } from "chai";
import { createFaultPlan, type Fault } from "./faults.ts";

/** The outcome of a run that satisfies the invariants. */
export interface ConsistentOutcome {
  readonly status: string;
  readonly attempt: number;
}
/** One run of the system, not started yet. */
interface Run {
  run(): Promise<void>;
}

/** The calls that meet a fault, each in a run of its own. */
export type FaultPoints = "every call" | "the first call of each kind";

/** Repeats a run, each time with a fault at another one of its calls. */
export const createFaultRunner = <Opened extends Run>(
  open: (plan: ReturnType<typeof createFaultPlan>) => Promise<Opened>,
  expectConsistent: (system: Opened) => Promise<ConsistentOutcome>,
  points: FaultPoints,
) => {
  /**
   * A run with faults by call number; returns the calls' names, and the outcome or the violated invariant.
   */
  const runWithFaults = async (faultsOf: (system: Opened) => Iterable<readonly [number, Fault]>) => {
    const faults = new Map<number, Fault>();
    const plan = createFaultPlan(faults);
    const system = await open(plan);
    for (const [call, fault] of faultsOf(system)) faults.set(call, fault);
    await system.run();
    const outcome = await expectConsistent(system).catch((cause: unknown) =>
      cause instanceof Error ? cause.message : String(cause),
    );
    return { calls: plan.calls, outcome };
  };
  /** Names of the calls of a run without faults, in order. */
  const callNames = async (): Promise<readonly string[]> => {
    const { calls, outcome } = await runWithFaults(() => []);
    expect(outcome).to.include({ status: "Complete", attempt: 1 });
    return calls;
  };
  return {
    runWithFaults,
    callNames,
    /**
     * Faults one call per run and reports all failures together.
     *
     * @param concerns which calls, by their names
     */
    async each(
      faultOf: (system: Opened) => Fault,
      isExpected: (outcome: ConsistentOutcome) => boolean,
      concerns: (name: string) => boolean = () => true,
    ): Promise<void> {
      const failures: string[] = [];
      const names = await callNames();
      for (const [index, name] of names.entries()) {
        if (!concerns(name)) continue;
        if (points === "the first call of each kind" && names.indexOf(name) < index) continue;
        const { outcome } = await runWithFaults((system) => [[index + 1, faultOf(system)]]);
        const call = `call ${index + 1}, ${name}`;
        if (typeof outcome === "string") failures.push(`${call}: ${outcome}`);
        else if (!isExpected(outcome))
          failures.push(`${call}: ${outcome.status} in attempt ${outcome.attempt}`);
      }
      expect(failures, failures.join("\n")).to.deep.equal([]);
    },
  };
};
