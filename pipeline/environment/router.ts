import * as z from "../schema/z.ts";
import { claimVariables, startJobVariables } from "./jobs.ts";

/** Environment variables of the router. It ignores events from buckets other than INPUT_BUCKET. */
export const routerEnvironment = z.object({
  ...startJobVariables,
  ...claimVariables,
  INPUT_BUCKET: z.string().check(z.minLength(1)),
});
