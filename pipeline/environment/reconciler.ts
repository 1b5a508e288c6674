import * as z from "zod";
import { startsJobs } from "./starts-jobs.ts";

/** The reconciler's environment. */
export const reconcilerEnvironment = z.object({ ...startsJobs });
