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
  const ended = once(child, "exit").then(([, signal]) => signal);
  return { child, ended, pid: child.pid ?? 0 };
};

describe("the tasks that a killed runtime left", () => {
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

  it("are killed before their files are touched, and stay on record", async () => {
    const { ended, pid } = await startProcess();
    await save({ pid, processStart: readProcessStart(pid) });
    await killOrphanedTasks(directory);
    expect(await ended).to.equal("SIGKILL");
    expect((await createTaskRecordStore(directory).read("task-1"))?.status).to.equal("Running");
  });

  it("are told from another process that has the number of one by now", async () => {
    const { child, ended, pid } = await startProcess();
    await save({ pid, processStart: "1" });
    await killOrphanedTasks(directory);
    child.kill("SIGTERM");
    expect(await ended).to.equal("SIGTERM");
  });
});
