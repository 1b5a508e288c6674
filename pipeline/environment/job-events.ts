import * as z from "zod";
import { endsJobs } from "./starts-jobs.ts";

/** The environment of job-events. */
export const jobEventsEnvironment = z.object({ ...endsJobs });
