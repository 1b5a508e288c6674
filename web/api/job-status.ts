import type { components } from "./schema.ts";

type Job = components["schemas"]["Job"];

/** Whether a job has ended: it does not change by itself any more. */
export const isEnded = ({ status }: Pick<Job, "status">): boolean =>
  status !== "Submitted" && status !== "Progressing";
