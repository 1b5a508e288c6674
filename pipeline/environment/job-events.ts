import * as z from "../schema/z.ts";
import { endsJobs } from "./jobs.ts";

/** The environment of job-events. */
export const jobEventsEnvironment = z.object({ ...endsJobs });
