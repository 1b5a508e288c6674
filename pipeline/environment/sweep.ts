import * as z from "zod";
import { startsJobs } from "./starts-jobs.ts";

/** The sweep's environment: it lists the input bucket besides. */
export const sweepEnvironment = z.object({ ...startsJobs, INPUT_BUCKET: z.string().min(1) });
