import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** Environment variables of the function response-events. */
export const responseEventsEnvironment = z.object({
  /** Routes, limits and presets as JSON; a literal of the bundle, see `serializeJobConfiguration`. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  /** Name of the `jobs` table. */
  JOBS_TABLE: nonEmptyString,
  /** Name of the `responses` table. */
  RESPONSES_TABLE: nonEmptyString,
  INPUT_BUCKET: nonEmptyString,
  AWS_REGION: nonEmptyString,
});
