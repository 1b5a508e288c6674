import { expect } from "chai";
import { createFaultPlan, type Fault } from "./faults.ts";

/** How a way ended, once it was found sound. */
export interface SoundEnd {
  readonly status: string;
  readonly attempt: number;
}
/** One way through the system, not begun yet. */
interface Run {
  live(): Promise<void>;
}

/** Goes a way again and again, each time with a fault at another one of its calls. */
export const createCallByCall = <Opened extends Run>(
  open: (plan: ReturnType<typeof createFaultPlan>) => Promise<Opened>,
  expectSoundEnd: (run: Opened) => Promise<SoundEnd>,
) => {
  /** The way with some faults, by number of call; the names of the calls, and how it ended or why it is not sound. */
  const live = async (faultsOf: (run: Opened) => Iterable<readonly [number, Fault]>) => {
    const faults = new Map<number, Fault>();
    const plan = createFaultPlan(faults);
    const run = await open(plan);
    for (const [call, fault] of faultsOf(run)) faults.set(call, fault);
    await run.live();
    const end = await expectSoundEnd(run).catch((cause: unknown) =>
      cause instanceof Error ? cause.message : String(cause),
    );
    return { calls: plan.calls, end };
  };
  /** Names of the calls of the way without faults, in order. */
  const callNames = async (): Promise<readonly string[]> => {
    const { calls, end } = await live(() => []);
    expect(end).to.include({ status: "Complete", attempt: 1 });
    return calls;
  };
  return {
    live,
    callNames,
    /**
     * Every call in turn; all failures are told together.
     *
     * @param concerns which calls, by their names
     */
    async each(
      faultOf: (run: Opened) => Fault,
      isExpected: (end: SoundEnd) => boolean,
      concerns: (name: string) => boolean = () => true,
    ): Promise<void> {
      const failures: string[] = [];
      for (const [index, name] of (await callNames()).entries()) {
        if (!concerns(name)) continue;
        const { end } = await live((run) => [[index + 1, faultOf(run)]]);
        const call = `call ${index + 1}, ${name}`;
        if (typeof end === "string") failures.push(`${call}: ${end}`);
        else if (!isExpected(end)) failures.push(`${call}: ${end.status} in attempt ${end.attempt}`);
      }
      expect(failures, failures.join("\n")).to.deep.equal([]);
    },
  };
};
