import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process began, as a text that differs when its number is used again by another; undefined for none.
 * Linux: field 22 of /proc/PID/stat (proc(5)); elsewhere `ps`.
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

/** Signals every process of a group; false where there is none left. */
export const signalGroup = (leaderPid: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(-leaderPid, signal);
    return true;
  } catch {
    return false;
  }
};
