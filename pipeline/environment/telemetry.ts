import * as z from "../schema/z.ts";

/** Environment of every function, for its metrics. */
export const telemetryEnvironment = z.object({
  /** Prefix of the deployment's names, e.g. `reelway-dev`: the dimension `stage` of the metrics. */
  STAGE: z.string().check(z.minLength(1)),
});
