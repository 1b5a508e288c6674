import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Start time of a process, as a text that distinguishes it from a later process with the same id; undefined if it does
 * not exist. Linux: field 22 of /proc/PID/stat (proc(5)); elsewhere `ps`.
 */
export const readProcessStart = (pid: number): string | undefined => {
  try {
    if (process.platform === "linux") {
      const line = readFileSync(`/proc/${pid}/stat`, "utf8");
      return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
    }
    const startTime = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return startTime === "" ? undefined : startTime;
  } catch {
    return undefined;
  }
};

/** Sends a signal to every process of a group. Returns false if the group no longer exists. */
export const signalGroup = (leaderPid: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(-leaderPid, signal);
    return true;
  } catch {
    return false;
  }
};
