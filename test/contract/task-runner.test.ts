import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createProcessTaskRunner } from "../../adapters/local/process-task-runner.ts";
import { parseTaskStateChange } from "../../pipeline/events/task-state-change.ts";
import { TaskNotStarted } from "../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";
import { describeTaskRunnerContract } from "./task-runner.ts";

const definition = {
  OBJECT_STORE: "file:/nowhere",
  JOBS_TABLE: "jobs",
  TRANSCODER_TABLE: "transcoder",
  SCRATCH_DIRECTORY: tmpdir(),
  CONFIGURATION: "{}",
};
const lives = "setInterval(() => undefined, 60_000)";
const request = (number: number) => ({
  clientToken: `token-${number}`,
  environment: { JOB_ID: "j", JOB_TABLE: "jobs", JOB_ATTEMPT: String(number) },
  size: { cpu: 1024, memory: 2048 },
});

/** A runner of a program in JavaScript, over an empty folder. */
const openRunner = async (script: string, maxConcurrentTasks: number) => {
  const directory = await mkdtemp(join(tmpdir(), "reelway-tasks-"));
  const stoppedStates = new Map<string, TaskState>();
  const waiting = new Map<string, () => void>();
  const runner = createProcessTaskRunner({
    directory,
    program: [process.execPath, "-e", script],
    maxConcurrentTasks,
    definition,
    onStateChange: (event) => {
      const state = parseTaskStateChange(event);
      if (state === undefined) return;
      stoppedStates.set(state.taskId, state);
      waiting.get(state.taskId)?.();
    },
  });
  return {
    directory,
    runner,
    stoppedStates,
    unknown: `task-${"0".repeat(32)}`,
    stopped: (task: string) =>
      new Promise<void>((resolve) => {
        if (stoppedStates.has(task)) resolve();
        else waiting.set(task, resolve);
      }),
    async close() {
      await runner.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
};

describe("the task runner of one machine", () => {
  describeTaskRunnerContract("embedded", () => openRunner(lives, 4));

  let fixture: Awaited<ReturnType<typeof openRunner>>;
  const open = async (script: string, slots: number) => {
    fixture = await openRunner(script, slots);
    return fixture;
  };
  afterEach(() => fixture?.close());

  it("reports a stopped task as ECS does, with exit code and variables", async () => {
    const { runner, stopped, stoppedStates, directory } = await open(
      "console.log(process.env.JOB_ATTEMPT); process.exit(65)",
      1,
    );
    const { taskId } = await runner.run(request(7));
    await stopped(taskId);
    const [state] = await runner.describe([taskId]);
    expect(state).to.include({ status: "Stopped", exitCode: 65, stopCode: "EssentialContainerExited" });
    expect(stoppedStates.get(taskId)).to.deep.include({
      status: "Stopped",
      exitCode: 65,
      stopCode: "EssentialContainerExited",
      environment: request(7).environment,
    });
    expect(await readFile(join(directory, `${taskId}.log`), "utf8")).to.equal("7\n");
  });

  it("runs as many tasks as it has slots, and never starts a stopped pending task", async () => {
    const { runner, stopped, directory } = await open(lives, 1);
    const first = await runner.run(request(1));
    const second = await runner.run(request(2));
    const third = await runner.run(request(3));
    const statuses = async () =>
      (await runner.describe([first.taskId, second.taskId, third.taskId])).map(({ status }) => status);
    expect(await statuses()).to.eql(["Running", "Pending", "Pending"]);
    await runner.stop(second.taskId, "not needed");
    await stopped(second.taskId);
    await runner.stop(first.taskId, "enough");
    await stopped(first.taskId);
    expect((await statuses()).slice(0, 2)).to.eql(["Stopped", "Stopped"]);
    await runner.stop(third.taskId, "enough");
    await stopped(third.taskId);
    const noLog = await readFile(join(directory, `${second.taskId}.log`)).catch(
      (cause: { code: string }) => cause.code,
    );
    expect(noLog).to.equal("ENOENT");
  });

  it("starts no task while it closes", async () => {
    const { runner } = await open(lives, 1);
    await runner.close();
    const refusal = await runner.run(request(1)).catch((cause: unknown) => cause);
    expect(refusal).to.be.instanceOf(TaskNotStarted).and.to.include({ refusal: "interruption" });
  });
});
