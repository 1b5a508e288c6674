/** Elastic Transcoder's job statuses: Submitted → Progressing → Complete, Canceled or Error. */
export const jobStatuses = ["Submitted", "Progressing", "Complete", "Canceled", "Error"] as const;
export type JobStatus = (typeof jobStatuses)[number];

const terminalStatuses: ReadonlySet<JobStatus> = new Set(["Complete", "Canceled", "Error"]);

/** True if the status is final. Only an operator's retry reopens such a job. */
export const isTerminal = (status: JobStatus): boolean => terminalStatuses.has(status);
