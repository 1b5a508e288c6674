/** Statuses of a job, in Elastic Transcoder's words: Submitted → Progressing → one of the terminal three. */
export const jobStatuses = ["Submitted", "Progressing", "Complete", "Canceled", "Error"] as const;
export type JobStatus = (typeof jobStatuses)[number];

const terminalStatuses: ReadonlySet<JobStatus> = new Set(["Complete", "Canceled", "Error"]);

/** True when a job of this status never changes again by itself (only an operator's retry reopens it). */
export const isTerminal = (status: JobStatus): boolean => terminalStatuses.has(status);
