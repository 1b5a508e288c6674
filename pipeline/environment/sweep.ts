import * as z from "../schema/z.ts";
import { claimVariables } from "./jobs.ts";

/** Environment variables of the sweep, which also lists the input bucket. */
export const sweepEnvironment = z.object({
  ...claimVariables,
  INPUT_BUCKET: z.string().check(z.minLength(1)),
});
