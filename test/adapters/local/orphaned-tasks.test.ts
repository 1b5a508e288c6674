import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { killOrphanedTasks } from "../../../adapters/local/orphaned-tasks.ts";
import { readProcessStart } from "../../../adapters/local/process-group.ts";
import { createTaskRecordStore, type TaskRecord } from "../../../adapters/local/task-record.ts";

const startProcess = async () => {
  const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => undefined, 60_000)"], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  const exitSignal = once(child, "exit").then(([, signal]) => signal);
  return { child, exitSignal, pid: child.pid ?? 0 };
};

describe("tasks of a killed runtime", () => {
  let directory: string;
  const save = (record: Partial<TaskRecord>) =>
    createTaskRecordStore(directory).save({
      taskId: "task-1",
      status: "Running",
      environment: {},
      createdAt: "2026-11-28T00:00:00Z",
      isReported: false,
      ...record,
    });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "reelway-orphans-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("are killed before their files are changed, and stay recorded", async () => {
    const { exitSignal, pid } = await startProcess();
    await save({ pid, processStart: readProcessStart(pid) });
    await killOrphanedTasks(directory);
    expect(await exitSignal).to.equal("SIGKILL");
    expect((await createTaskRecordStore(directory).read("task-1"))?.status).to.equal("Running");
  });

  it("are distinguished from another process with the same id", async () => {
    const { child, exitSignal, pid } = await startProcess();
    await save({ pid, processStart: "1" });
    await killOrphanedTasks(directory);
    child.kill("SIGTERM");
    expect(await exitSignal).to.equal("SIGTERM");
  });
});
