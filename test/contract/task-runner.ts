import { expect } from "chai";
import type { TaskRunner } from "../../pipeline/ports/task-runner.ts";

/** A place where a task runs until it is stopped. */
export interface TaskRunnerHome {
  readonly runner: TaskRunner;
  /** Settles once the task, which was told to stop, has. */
  stopped(task: string): Promise<void>;
  /** A task that there never was. */
  readonly unknown: string;
  close(): Promise<void>;
}

/** What every `TaskRunner` holds (pipeline/ports/task-runner.ts). */
export const describeTaskRunnerContract = (name: string, open: () => Promise<TaskRunnerHome>): void => {
  describe(`the task runner contract, ${name}`, () => {
    let home: TaskRunnerHome;
    let runner: TaskRunner;
    let count = 0;
    beforeEach(async () => {
      home = await open();
      runner = home.runner;
    });
    afterEach(() => home.close());

    const request = (environment: Record<string, string> = {}) => {
      count += 1;
      const token = `${"j".repeat(52)}-${count}`;
      return {
        clientToken: token,
        environment: { JOB_ID: token, JOB_TABLE: "jobs", JOB_ATTEMPT: "1", ...environment },
        size: { cpu: 2048, memory: 4096 },
      };
    };
    const run = async (environment: Record<string, string> = {}) =>
      (await runner.run(request(environment))).taskId;
    const stateOf = async (task: string) => {
      const states = await runner.describe([task]);
      expect(states.map((state) => state.taskId)).to.eql([task]);
      return states[0];
    };

    it("starts a task, and tells its variables as they were given", async () => {
      const environment = { SOURCE_KEY: 'a b/"ü"=\\ \n%41+.mp4', EMPTY: "" };
      const asked = request(environment);
      const { taskId } = await runner.run(asked);
      const state = await stateOf(taskId);
      expect(state?.environment).to.eql(asked.environment);
      expect(state?.status).to.be.oneOf(["Pending", "Running"]);
      expect(state?.stoppedReason ?? "").to.equal("");
    });

    it("answers a token with the task it started first, however many ask at once", async () => {
      const asked = request();
      const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => runner.run(asked)));
      expect(others).to.eql(others.map(() => first));
      expect(await runner.run(asked)).to.eql(first);
      expect(await run()).not.to.equal(first?.taskId);
    });

    it("stops a task with the reason given, and starts none of its token again", async () => {
      const asked = request();
      const other = await run();
      const { taskId } = await runner.run(asked);
      await runner.stop(taskId, "canceled by an operator");
      await home.stopped(taskId);
      expect(await stateOf(taskId)).to.include({
        status: "Stopped",
        stoppedReason: "canceled by an operator",
      });
      expect(await runner.run(asked)).to.eql({ taskId });
      expect((await stateOf(taskId))?.status).to.equal("Stopped");
      expect((await stateOf(other))?.status).to.be.oneOf(["Pending", "Running"]);
    });

    it("stops without an error what has stopped already, or never was", async () => {
      const task = await run();
      await runner.stop(task, "first");
      await home.stopped(task);
      await runner.stop(task, "second");
      expect((await stateOf(task))?.status).to.equal("Stopped");
      await runner.stop(home.unknown, "third");
    });

    it("describes many at once, and leaves out what it does not know", async () => {
      expect(await runner.describe([])).to.eql([]);
      expect(await runner.describe([home.unknown])).to.eql([]);
      const tasks = [await run(), await run()];
      const unknown = Array.from({ length: 150 }, (_, number) =>
        home.unknown.replace(/0{3}$/, String(number + 100)),
      );
      const states = await runner.describe([...unknown, ...tasks]);
      expect(states.map((state) => state.taskId)).to.have.members(tasks);
    });
  });
};
