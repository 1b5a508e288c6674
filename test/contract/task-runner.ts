import { expect } from "chai";
import type { TaskRunner } from "../../pipeline/ports/task-runner.ts";

/** A runner whose task runs until it is stopped. */
export interface TaskRunnerFixture {
  readonly runner: TaskRunner;
  /** Resolves once the stopped task has ended. */
  stopped(task: string): Promise<void>;
  /** The id of a task that does not exist. */
  readonly unknown: string;
  close(): Promise<void>;
}

/** The contract of `TaskRunner` (pipeline/ports/task-runner.ts). */
export const describeTaskRunnerContract = (name: string, open: () => Promise<TaskRunnerFixture>): void => {
  describe(`the task runner contract, ${name}`, () => {
    let fixture: TaskRunnerFixture;
    let runner: TaskRunner;
    let count = 0;
    beforeEach(async () => {
      fixture = await open();
      runner = fixture.runner;
    });
    afterEach(() => fixture.close());

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
    const describeTask = async (task: string) => {
      const states = await runner.describe([task]);
      expect(states.map((state) => state.taskId)).to.eql([task]);
      return states[0];
    };

    it("starts a task and returns its variables unchanged", async () => {
      const environment = { SOURCE_KEY: 'a b/"ü"=\\ \n%41+.mp4', EMPTY: "" };
      const taskRequest = request(environment);
      const { taskId } = await runner.run(taskRequest);
      const state = await describeTask(taskId);
      expect(state?.environment).to.eql(taskRequest.environment);
      expect(state?.status).to.be.oneOf(["Pending", "Running"]);
      expect(state?.stoppedReason ?? "").to.equal("");
    });

    it("returns the first task of a token, under concurrent requests", async () => {
      const taskRequest = request();
      const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => runner.run(taskRequest)));
      expect(others).to.eql(others.map(() => first));
      expect(await runner.run(taskRequest)).to.eql(first);
      expect(await run()).not.to.equal(first?.taskId);
    });

    it("stops a task with the given reason and starts no other with its token", async () => {
      const taskRequest = request();
      const other = await run();
      const { taskId } = await runner.run(taskRequest);
      await runner.stop(taskId, "canceled by an operator");
      await fixture.stopped(taskId);
      expect(await describeTask(taskId)).to.include({
        status: "Stopped",
        stoppedReason: "canceled by an operator",
      });
      expect(await runner.run(taskRequest)).to.eql({ taskId });
      expect((await describeTask(taskId))?.status).to.equal("Stopped");
      expect((await describeTask(other))?.status).to.be.oneOf(["Pending", "Running"]);
    });

    it("ignores a stop of a stopped or unknown task", async () => {
      const task = await run();
      await runner.stop(task, "first");
      await fixture.stopped(task);
      await runner.stop(task, "second");
      expect((await describeTask(task))?.status).to.equal("Stopped");
      await runner.stop(fixture.unknown, "third");
    });

    it("describes many tasks at once and omits unknown ones", async () => {
      expect(await runner.describe([])).to.eql([]);
      expect(await runner.describe([fixture.unknown])).to.eql([]);
      const tasks = [await run(), await run()];
      const unknown = Array.from({ length: 150 }, (_, number) =>
        fixture.unknown.replace(/0{3}$/, String(number + 100)),
      );
      const states = await runner.describe([...unknown, ...tasks]);
      expect(states.map((state) => state.taskId)).to.have.members(tasks);
    });
  });
};
