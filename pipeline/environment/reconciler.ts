import * as z from "../schema/z.ts";
import { startsJobs } from "./jobs.ts";

/** The reconciler's environment. */
export const reconcilerEnvironment = z.object({ ...startsJobs });
