import * as z from "../schema/z.ts";
import { claimVariables, startJobVariables } from "./jobs.ts";

/** The router's environment: events of other buckets than the input bucket are ignored. */
export const routerEnvironment = z.object({
  ...startJobVariables,
  ...claimVariables,
  INPUT_BUCKET: z.string().check(z.minLength(1)),
});
