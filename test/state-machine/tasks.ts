import type { TaskRequest, TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";

/** Runs a task's worker to its exit code. */
export type WorkerProgram = (environment: TaskRequest["environment"], signal: AbortSignal) => Promise<number>;

/** Tasks as ECS keeps them: one for each client token, dead or alive, in the memory of this process. */
export const createTasks = () => {
  const states = new Map<string, TaskState>();
  const aborts = new Map<string, AbortController>();
  const runner: TaskRunner = {
    async run({ clientToken, environment }) {
      const taskId = `task/${clientToken}`;
      if (!states.has(taskId))
        states.set(taskId, { taskId, status: "Pending", environment: { ...environment } });
      return { taskId };
    },
    async stop(task) {
      const state = states.get(task);
      if (state?.status === "Pending")
        states.set(task, { ...state, status: "Stopped", stopCode: "UserInitiated" });
      aborts.get(task)?.abort();
    },
    describe: async (taskIds) => taskIds.flatMap((task) => states.get(task) ?? []),
  };
  return {
    runner,
    states,
    /** Runs every pending task to completion and returns the stopped ones. */
    async runPending(program: WorkerProgram): Promise<readonly TaskState[]> {
      const stoppedTasks: TaskState[] = [];
      for (const [task, state] of states) {
        if (state.status !== "Pending") continue;
        states.set(task, { ...state, status: "Running" });
        const abort = new AbortController();
        aborts.set(task, abort);
        const exitCode = await program(state.environment as TaskRequest["environment"], abort.signal);
        const stopped: TaskState = {
          ...state,
          status: "Stopped",
          stopCode: "EssentialContainerExited",
          exitCode,
        };
        states.set(task, stopped);
        stoppedTasks.push(stopped);
      }
      return stoppedTasks;
    },
    running: (): readonly TaskState[] => [...states.values()].filter(({ status }) => status === "Running"),
  };
};

/** ECS's event of a stopped task. */
export const buildStoppedEvent = ({ taskId, stopCode, exitCode, environment }: TaskState) => ({
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  detail: {
    taskArn: taskId,
    lastStatus: "STOPPED",
    stopCode,
    containers: [exitCode === undefined ? {} : { exitCode }],
    overrides: {
      containerOverrides: [
        { environment: Object.entries(environment).map(([name, value]) => ({ name, value })) },
      ],
    },
  },
});
