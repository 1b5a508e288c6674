import type { components } from "../api/schema.ts";

type Job = components["schemas"]["JobDetails"];
type Status = Job["status"];

/** A change of a job's status, and how long the status lasted. */
export interface TimelineEntry {
  readonly at: string;
  readonly status: Status;
  readonly attempt: number;
  readonly detail: string;
  /** Milliseconds until the next change, or until now; null for the end of a job. */
  readonly durationMs: number | null;
}

/** Builds the timeline of a job, oldest first. @param nowMs epoch milliseconds; undefined: the job has ended */
export const buildTimeline = (history: Job["history"], nowMs: number | undefined): readonly TimelineEntry[] =>
  history.map((entry, index) => {
    const next = history[index + 1];
    const endMs = next === undefined ? nowMs : Date.parse(next.at);
    return {
      ...entry,
      durationMs: endMs === undefined ? null : Math.max(0, endMs - Date.parse(entry.at)),
    };
  });

/**
 * Formats the length of a step, e.g. `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. A negative one, from a clock that is behind
 * the server's, is `0.0 s`.
 */
export const formatStep = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
