import * as z from "../schema/z.ts";
import { closeJobVariables } from "./jobs.ts";

/** Environment variables of the function job-events. */
export const jobEventsEnvironment = z.object({ ...closeJobVariables });
