import * as z from "../schema/z.ts";
import { closeJobVariables } from "./jobs.ts";

/** The environment of job-events. */
export const jobEventsEnvironment = z.object({ ...closeJobVariables });
