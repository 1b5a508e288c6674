import * as z from "zod";

/** Tag of the operations of jobs. */
export const jobTags = ["Jobs"];

/** Path of a job's operations. */
export const jobPathSchema = z.object({
  id: z
    .string()
    .describe("Id of the job. On one machine, a unique prefix of at least four characters is enough."),
});

/** Problems of an operation that finds a job. */
export const jobLookupProblems = ["invalid-request", "job-not-found", "ambiguous-job-id"] as const;
