import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { getMediaUser, type MediaUser, runAsMediaUser } from "./media-user.ts";

/** Rounds of signals. A killed process may take a moment to exit. */
const maxRounds = 50;
const roundMs = 100;

/** Process ids of a user, without processes that have exited and whose parent has not noticed. */
const listProcesses = async (uid: number): Promise<readonly number[]> => {
  const processIds: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/status`, "utf8").catch(() => "");
    if (/^Uid:\t(\d+)/m.exec(status)?.[1] === String(uid) && !/^State:\t[ZX]/m.test(status))
      processIds.push(Number(entry));
  }
  return processIds;
};

/** Signals every process of the user at once, so that none can escape by starting another. */
const killAll = (user: MediaUser): Promise<void> =>
  new Promise((resolve) => {
    const command = runAsMediaUser({ program: "/bin/sh", arguments: ["-c", "kill -KILL -1"] }, user);
    // The exit code is not 0 if the last process has just exited.
    execFile(command.program, [...command.arguments], { env: {} }, () => resolve());
  });

/**
 * Ends all processes of a user.
 *
 * @throws JobFailure 9000, retryable, if one does not exit within five seconds
 */
export const endProcesses = async (user: MediaUser): Promise<void> => {
  for (let round = 0; round < maxRounds; round += 1) {
    if ((await listProcesses(user.uid)).length === 0) return;
    await killAll(user);
    if (round > 0) await pause(roundMs);
  }
  throw new JobFailure(
    9000,
    `Processes of the media user ${user.uid} were left and did not exit. Retry the job, and report its source if it happens again.`,
    { retryable: true },
  );
};

/**
 * Ends what media programs have left behind: a program that hostile media has taken over could start a process that changes
 * outputs after they were checked. Does nothing without a media user, whose processes are all of this worker.
 */
export const endMediaProcesses = async (): Promise<void> => {
  const user = getMediaUser();
  if (user !== undefined) await endProcesses(user);
};
