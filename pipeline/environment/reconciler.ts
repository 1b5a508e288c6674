import * as z from "../schema/z.ts";
import { startJobVariables } from "./jobs.ts";

/** The reconciler's environment. */
export const reconcilerEnvironment = z.object({ ...startJobVariables });
