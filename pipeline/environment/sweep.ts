import * as z from "../schema/z.ts";
import { claimVariables } from "./jobs.ts";

/** The sweep's environment: it lists the input bucket besides. */
export const sweepEnvironment = z.object({
  ...claimVariables,
  INPUT_BUCKET: z.string().check(z.minLength(1)),
});
