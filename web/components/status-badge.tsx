import type { components } from "../api/schema.ts";

type Status = components["schemas"]["Job"]["status"];

const labels: Readonly<Record<Status, string>> = {
  Submitted: "Waiting",
  Progressing: "In progress",
  Complete: "Complete",
  Canceled: "Canceled",
  Error: "Failed",
};

/** The status of a job, as a word with a colored mark. */
export const StatusBadge = ({ status }: { readonly status: Status }) => (
  <span class={`status status-${status.toLowerCase()}`}>{labels[status]}</span>
);
