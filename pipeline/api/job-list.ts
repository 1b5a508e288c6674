import * as z from "zod";
import { engines } from "../routing/route.ts";
import { jobDocumentSchema } from "./job-document.ts";

const engineStatusSchema = z
  .object({
    name: z.enum(engines).describe("Name of the engine."),
    status: z.enum(["working", "failing"]).describe("Whether the engine can run jobs."),
    message: z.string().nullable().describe("The failure and the next step; null while it works."),
  })
  .meta({ id: "EngineStatus", description: "Whether an engine can run jobs." });
/** Whether an engine can run jobs. */
export type EngineStatus = Readonly<z.infer<typeof engineStatusSchema>>;

/** A page of the job list. */
export const jobListSchema = z
  .object({
    jobs: z.array(jobDocumentSchema).describe("Jobs, newest first."),
    cursor: z
      .string()
      .nullable()
      .describe(
        "Pass it as `cursor` to get the next page; null on the last page. With `route`, `errorCode` or a time, or with `key` and another filter, a page can have fewer jobs than `limit`, or none, although a cursor follows.",
      ),
    engines: z.array(engineStatusSchema).describe("State of the engines on one machine; empty on AWS."),
  })
  .meta({ id: "JobList", description: "A page of the job list." });
export type JobList = z.infer<typeof jobListSchema>;
