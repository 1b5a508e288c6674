import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Command } from "./limit-memory.ts";

/** The user and the group that media programs run as. */
export interface MediaUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user of this process's media programs; undefined: they run as this process's own user. */
let mediaUser: MediaUser | undefined;

/** Parses `MEDIA_USER`, e.g. `10002:10002`. */
export const parseMediaUser = (text: string): MediaUser => {
  const [uid = Number.NaN, gid = Number.NaN] = text.split(":").map(Number);
  return { uid, gid };
};

/**
 * Runs every media program of this process as another user from now on, so that a program that hostile media has taken
 * over cannot read this process's environment, in which Amazon ECS passes the path of the task's credentials. It is a
 * property of the process, like its groups and its umask, which change too: this process joins the media user's group,
 * and lets it write new files.
 *
 * @throws JobFailure 9000 if this process is not root, which alone can start programs as another user
 */
export const useMediaUser = (user: MediaUser): void => {
  const uid = process.getuid?.();
  if (uid !== 0 || process.setgroups === undefined)
    throw new JobFailure(
      9000,
      `MEDIA_USER is set, but the worker's user is ${uid ?? "unknown"}, and only root (0) can start programs as another user. Start the worker as root without capabilities other than CHOWN, KILL, SETGID and SETUID, or remove MEDIA_USER: ffmpeg then runs as the worker's own user.`,
    );
  process.setgroups([user.gid]);
  process.umask(0o007);
  mediaUser = user;
};

/** The user that `useMediaUser` has set. */
export const getMediaUser = (): MediaUser | undefined => mediaUser;

/**
 * Executes a command as the media user: no other group, no capability, and no way to get either back. The program keeps
 * the process id, so signals reach it.
 *
 * @returns the command; unchanged without a user
 */
export const runAsMediaUser = (command: Command, user: MediaUser | undefined): Command =>
  user === undefined
    ? command
    : {
        program: "/usr/bin/setpriv",
        arguments: [
          ...["--reuid", String(user.uid), "--regid", String(user.gid), "--clear-groups"],
          ...["--inh-caps", "-all", "--no-new-privs", "--"],
          command.program,
          ...command.arguments,
        ],
      };
