import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

const maxDelayMs = 30_000;

/**
 * Runs a task again and again while the tab is visible, and at once when the tab becomes visible or the connection is
 * back. After a failure the pause doubles, up to 30 s.
 *
 * @param delayMs pause between two runs; null: only when the tab becomes visible
 * @returns the message of the last failure; empty after a success
 */
export const usePolling = (task: () => Promise<void>, delayMs: number | null): Signal<string> => {
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
      const pause = delayMs ?? (failures > 0 ? 1000 : undefined);
      if (pause !== undefined) timer = setTimeout(run, Math.min(maxDelayMs, pause * 2 ** failures));
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
        if (!isStopped) failure.value = cause instanceof Error ? cause.message : String(cause);
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
