import * as z from "../schema/z.ts";
import { claimsUploads, startsJobs } from "./jobs.ts";

/** The router's environment. */
export const routerEnvironment = z.object({ ...startsJobs, ...claimsUploads });
