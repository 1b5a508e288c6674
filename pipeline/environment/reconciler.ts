import * as z from "../schema/z.ts";
import { startJobVariables } from "./jobs.ts";

/** Environment variables of the reconciler. */
export const reconcilerEnvironment = z.object({ ...startJobVariables });
