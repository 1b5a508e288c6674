import * as z from "zod";
import { startsJobs } from "./starts-jobs.ts";

/** The router's environment. */
export const routerEnvironment = z.object({ ...startsJobs });
