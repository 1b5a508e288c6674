import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { describeFailure } from "../components/action-report.ts";
import { isRunning, type Job } from "./library-data.ts";

const maxDelayMs = 30_000;
/** Pauses between two reads: while jobs run; while the first upload is expected; while only new uploads can appear. */
const delaysMs = { running: 2000, empty: 4000, idle: 10_000 };

/** Chooses the pause between two reads of a list, milliseconds. */
export const choosePollDelay = (items: readonly Pick<Job, "status">[]): number => {
  if (items.some(isRunning)) return delaysMs.running;
  return items.length === 0 ? delaysMs.empty : delaysMs.idle;
};

/**
 * Runs a task again and again while the tab is visible, and at once when the tab becomes visible or the connection is
 * back. After a failure the pause doubles, up to 30 s.
 *
 * @param delayMs pause between two runs
 * @returns the message of the last failure; empty after a success
 */
export const usePolling = (task: () => Promise<void>, delayMs: number): Signal<string> => {
  const failure = useSignal("");
  const current = useRef(task);
  current.current = task;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let isStopped = false;
    let isBusy = false;
    const schedule = (): void => {
      clearTimeout(timer);
      if (isStopped || document.visibilityState !== "visible") return;
      timer = setTimeout(run, Math.min(maxDelayMs, delayMs * 2 ** failures));
    };
    const run = async (): Promise<void> => {
      if (isBusy) return;
      isBusy = true;
      try {
        await current.current();
        failures = 0;
        if (!isStopped) failure.value = "";
      } catch (cause) {
        failures = Math.min(failures + 1, 10);
        if (!isStopped) failure.value = describeFailure(cause);
      }
      isBusy = false;
      schedule();
    };
    const resume = (): void => {
      failures = 0;
      if (document.visibilityState === "visible") void run();
    };
    document.addEventListener("visibilitychange", resume);
    window.addEventListener("online", resume);
    window.addEventListener("offline", resume);
    schedule();
    return () => {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", resume);
      window.removeEventListener("online", resume);
      window.removeEventListener("offline", resume);
    };
  }, [delayMs, failure]);
  return failure;
};
