import type { components } from "../api/schema.ts";

type Status = components["schemas"]["Job"]["status"];

/** How the page names the statuses of jobs. */
export const statusLabels: Readonly<Record<Status, string>> = {
  Submitted: "Waiting",
  Progressing: "In progress",
  Complete: "Complete",
  Canceled: "Canceled",
  Error: "Failed",
};

/** The status of a job, as a word with a colored mark. */
export const StatusBadge = ({ status }: { readonly status: Status }) => (
  <span class={`status status-${status.toLowerCase()}`}>{statusLabels[status]}</span>
);
